/** Worker side of protocol/model-use.ts: deleting only what no page has loaded. */
import { lockManager } from '../protocol/lock-manager';
import { modelLockName } from '../protocol/model-use';

/**
 * Runs `work` while nobody can begin to use the model; null, without running it, when a page uses
 * it now or another tab deletes it. Where there are no locks (an insecure context), it runs.
 */
export async function withUnusedModel<Result>(
  key: string,
  work: () => Promise<Result>,
): Promise<Result | null> {
  const locks = lockManager();
  if (locks === undefined) return work();
  const result: Result | null = await locks.request(
    modelLockName(key),
    { mode: 'exclusive', ifAvailable: true },
    (lock) => (lock === null ? null : work()),
  );
  return result;
}

/**
 * Whether a page uses the model, or is about to, at this moment. Good for a forecast only: what
 * is done about it needs {@link withUnusedModel}.
 */
export async function isModelInUse(key: string): Promise<boolean> {
  const { held = [], pending = [] } = (await lockManager()?.query()) ?? {};
  const name = modelLockName(key);
  return [...held, ...pending].some((lock) => lock.name === name);
}
