/** What both towers do to get ready: make a session of their files, and see that it is any good. */
import { PhotoglotError } from '../errors';
import type { CallContext } from '../protocol/contract-types';
import type { TowerInfo, TowerLoad } from '../protocol/tower-contract';
import { TowerSession } from './tower-session';

export interface LoadTowerOptions<Ready> extends TowerLoad {
  readonly threads: number;
  readonly context: CallContext<never>;
  /** Makes what will run of the new session: warms it up, and throws if it is no good. */
  readonly prepare: (session: TowerSession) => Promise<Ready>;
}

export interface LoadedTower<Ready> {
  /** What {@link LoadTowerOptions.prepare} made. */
  readonly ready: Ready;
  readonly info: TowerInfo;
}

/**
 * Resolves when the tower can run. Rejects with `backend-unavailable`, `session-failed`, or with
 * `storage` when the browser has lost a file's content.
 */
export async function loadTower<Ready>(
  options: LoadTowerOptions<Ready>,
): Promise<LoadedTower<Ready>> {
  const { variant, device, ortUrl, threads, context } = options;
  const provider = variant.provider ?? device;
  const { dtype, data = [] } = variant;
  const start = performance.now();
  const used = provider === 'wasm' ? threads : 1;
  const session = await TowerSession.create({
    model: towerFile(options, variant.file),
    data: data.map((path) => ({ path, blob: towerFile(options, path) })),
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
  return { ready, info: { provider, dtype, threads: used, sessionMs } };
}

/** A file of the tower. */
export function towerFile({ files }: Pick<TowerLoad, 'files'>, name: string): Blob {
  const file = files[name];
  if (file !== undefined) return file;
  throw new PhotoglotError('internal', `The tower was not given its file "${name}".`);
}
