/** What both towers do to get ready: fetch the model's files and make a session of them. */
import type { CallContext } from '../protocol/contract-types';
import type { LoadProgress, TowerInfo, TowerLoad } from '../protocol/tower-contract';
import { loadFile, type LoadedFile } from './load-file';
import type { ModelCache } from './model-cache';
import { TowerSession } from './tower-session';

export interface LoadTowerOptions<Ready> extends TowerLoad {
  readonly threads: number;
  readonly cache: ModelCache;
  readonly context: CallContext<LoadProgress>;
  /** Files that the tower needs besides the model. */
  readonly others: readonly Promise<LoadedFile>[];
  /** Makes what will run of the new session: warms it up, and throws if it is no good. */
  readonly prepare: (session: TowerSession) => Promise<Ready>;
}

export interface LoadedTower<Ready> {
  /** What {@link LoadTowerOptions.prepare} made. */
  readonly ready: Ready;
  readonly info: TowerInfo;
}

/** Resolves when the tower can run and its files are kept, as far as the browser lets us. */
export async function loadTower<Ready>(
  options: LoadTowerOptions<Ready>,
): Promise<LoadedTower<Ready>> {
  const { variant, device, ortUrl, threads, context } = options;
  const provider = variant.provider ?? device;
  const { dtype, data: weights = [] } = variant;
  // Together, so that one that fails is noticed while the others are still on their way.
  const [model, data, others] = await Promise.all([
    loadTowerFile(options, variant.file),
    Promise.all(weights.map((file) => loadTowerFile(options, file))),
    Promise.all(options.others),
  ]);
  const start = performance.now();
  const used = provider === 'wasm' ? threads : 1;
  const session = await TowerSession.create({
    model: model.bytes,
    data: weights.map((path, index) => ({ path, bytes: data[index]?.bytes ?? new Uint8Array() })),
    provider,
    ortUrl,
    threads: used,
    dtype,
  });
  let ready: Ready;
  try {
    context.signal.throwIfAborted();
    ready = await options.prepare(session);
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
  const sessionMs = performance.now() - start;
  const cached = await allCached([model, ...data, ...others]);
  return { ready, info: { provider, dtype, threads: used, sessionMs, cached } };
}

/** A file of the manifest, with the tower's own progress and signal. */
export function loadTowerFile(
  { modelUrl, manifest, cache, context }: Omit<LoadTowerOptions<never>, 'prepare' | 'others'>,
  file: string,
): Promise<LoadedFile> {
  const { signal, progress } = context;
  return loadFile({ manifest, file, modelUrl, cache, signal, onProgress: progress });
}

async function allCached(files: readonly LoadedFile[]): Promise<boolean> {
  return (await Promise.all(files.map(({ cached }) => cached))).every(Boolean);
}
