/** A file is changed by one at a time, whichever model or tab it is for: models share files. */
import { toPhotoglotError } from '../errors';
import { lockManager } from '../protocol/lock-manager';
import { inLocalTurn } from './local-turns';
import type { ModelStorage } from './model-storage';

/** Runs `work` when nobody else is at the file. Rejects with `aborted` when the signal fires before. */
export async function withFileLock<Result>(
  { scope, persistent }: Pick<ModelStorage, 'scope' | 'persistent'>,
  key: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const name = `photoglot-file:${scope}:${key}`;
  const locks = persistent ? lockManager() : undefined;
  if (locks === undefined) return inLocalTurn(name, signal, work);
  try {
    const result: Result = await locks.request(name, { signal }, work);
    return result;
  } catch (thrown) {
    // The browser's own error of a wait that was given up.
    throw toPhotoglotError(thrown);
  }
}
