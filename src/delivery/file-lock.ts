/** A file is changed by one at a time, whichever model or tab it is for: models share files. */
import { toPhotoglotError } from '../errors';
import { lockManager } from '../protocol/lock-manager';
import type { ModelStorage } from './model-storage';

/** Runs `work` when nobody else is at the file. Rejects with `aborted` when the signal fires before. */
export async function withFileLock<Result>(
  { scope }: Pick<ModelStorage, 'scope'>,
  key: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const locks = lockManager();
  if (locks === undefined) return work();
  const name = `photoglot-file:${scope}:${key}`;
  try {
    const result: Result = await locks.request(name, { signal }, work);
    return result;
  } catch (thrown) {
    // The browser's own error of a wait that was given up.
    throw toPhotoglotError(thrown);
  }
}
