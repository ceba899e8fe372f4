/** What both towers do to get ready: make a session of their files, and see that it is any good. */
import { PhotoglotError } from '../errors';
import type { CallContext } from '../protocol/contract-types';
import type { TowerInfo, TowerLoad } from '../protocol/tower-contract';
import type { ModelSession } from './model-session';
import { TowerSession } from './tower-session';

export interface LoadTowerOptions<Ready, Session extends ModelSession> extends TowerLoad {
  /** On WASM. */
  readonly threads: number;
  /** Makes the session, on so many threads; {@link openOnnx} does for what ONNX Runtime runs. */
  readonly open: (threads: number) => Promise<Session>;
  readonly context: CallContext<never>;
  /** Makes what will run of the new session: warms it up, and throws if it is no good. */
  readonly prepare: (session: Session) => Promise<Ready>;
}

export interface LoadedTower<Ready> {
  /** What {@link LoadTowerOptions.prepare} made. */
  readonly ready: Ready;
  readonly info: TowerInfo;
}

/**
 * Resolves when the tower can run. Rejects with `backend-unavailable`, `session-failed`,
 * `self-test-failed`, `out-of-memory`, `device-lost`, or with `storage` when the browser has lost a
 * file's content.
 */
export async function loadTower<Ready, Session extends ModelSession>(
  options: LoadTowerOptions<Ready, Session>,
): Promise<LoadedTower<Ready>> {
  const { variant, device, threads, context } = options;
  const provider = variant.provider ?? device;
  const { dtype } = variant;
  const start = performance.now();
  const session = await options.open(provider === 'wasm' ? threads : 1);
  let ready: Ready;
  try {
    context.signal.throwIfAborted();
    ready = await options.prepare(session);
  } catch (thrown) {
    // Not waited for: where the device was lost it may take for ever, and the worker ends anyway.
    session.release().catch(() => undefined);
    throw thrown;
  }
  const sessionMs = performance.now() - start;
  return { ready, info: { provider, dtype, threads: session.threads, sessionMs } };
}

/** A session of ONNX Runtime. */
export function openOnnx(load: TowerLoad, threads: number): Promise<TowerSession> {
  const { variant, device, ortUrl } = load;
  const { file, data = [], dtype, provider = device } = variant;
  return TowerSession.create({
    model: towerFile(load, file),
    data: data.map((path) => ({ path, blob: towerFile(load, path) })),
    provider,
    ortUrl,
    threads,
    dtype,
  });
}

/** A file of the tower. */
export function towerFile({ files }: Pick<TowerLoad, 'files'>, name: string): Blob {
  const file = files[name];
  if (file !== undefined) return file;
  throw new PhotoglotError('internal', `The tower was not given its file "${name}".`);
}
