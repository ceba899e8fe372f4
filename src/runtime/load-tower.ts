/** What both towers do to get ready: fetch the model's file and make a session of it. */
import type { TowerVariant } from '../models/manifest';
import type { CallContext } from '../protocol/contract-types';
import type { LoadProgress, TowerInfo, TowerLoad } from '../protocol/tower-contract';
import { loadFile, type LoadedFile } from './load-file';
import type { ModelCache } from './model-cache';
import { TowerSession } from './tower-session';

export interface LoadTowerOptions extends TowerLoad {
  readonly tower: 'text' | 'image';
  readonly threads: number;
  readonly cache: ModelCache;
  readonly context: CallContext<LoadProgress>;
  /** Files that the tower needs besides the model. */
  readonly others: readonly Promise<LoadedFile>[];
  /** Called with the new session before it is used: warms it up, and throws if it is no good. */
  readonly check: (session: TowerSession) => Promise<void>;
}

export interface LoadedTower {
  readonly session: TowerSession;
  readonly info: TowerInfo;
}

/** Resolves when the tower can run and its files are kept, as far as the browser lets us. */
export async function loadTower(options: LoadTowerOptions): Promise<LoadedTower> {
  const { tower, manifest, device, ortUrl, threads, context } = options;
  const variant = manifest[tower].backends[device];
  const provider = variant.provider ?? device;
  const model = await loadModel(options, variant);
  const { output } = manifest[tower];
  const { dimension } = manifest;
  const start = performance.now();
  const used = provider === 'wasm' ? threads : 1;
  const session = await TowerSession.create({
    model: model.bytes,
    provider,
    ortUrl,
    threads: used,
    dtype: variant.dtype,
    output,
    dimension,
  });
  try {
    context.signal.throwIfAborted();
    await options.check(session);
    context.signal.throwIfAborted();
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
  const sessionMs = performance.now() - start;
  const cached = await allCached([model, ...(await Promise.all(options.others))]);
  return { session, info: { provider, dtype: variant.dtype, threads: used, sessionMs, cached } };
}

/** A file of the manifest, with the tower's own progress and signal. */
export function loadTowerFile(
  { modelUrl, manifest, cache, context }: Omit<LoadTowerOptions, 'check' | 'others' | 'tower'>,
  file: string,
): Promise<LoadedFile> {
  const { signal, progress } = context;
  return loadFile({ manifest, file, modelUrl, cache, signal, onProgress: progress });
}

async function loadModel(options: LoadTowerOptions, variant: TowerVariant): Promise<LoadedFile> {
  // Together, so that one that fails is noticed while the other is still on its way.
  const [model] = await Promise.all([loadTowerFile(options, variant.file), ...options.others]);
  return model;
}

async function allCached(files: readonly LoadedFile[]): Promise<boolean> {
  return (await Promise.all(files.map(({ cached }) => cached))).every(Boolean);
}
