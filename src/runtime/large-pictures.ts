/** One large picture at a time, whatever number of threads prepares pictures: each may take a gigabyte. */
import { lockManager } from '../protocol/lock-manager';

const LOCK = 'photoglot-large-picture';

/** Does `work` when no other large picture of the origin is decoded; rejects when aborted while it waits. */
export async function alone<Result>(
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const locks = lockManager();
  if (locks === undefined) return work();
  return locks.request(LOCK, { signal }, work);
}
