/**
 * Turns within one worker, for what is kept in memory: nobody else can see it, and where storage is
 * denied the browser denies Web Locks, too.
 */
import { abortedError } from '../core/until-aborted';

const last = new Map<string, Promise<unknown>>();

/** Runs `work` behind what asked for a turn of that name before, however that ended. */
export async function inLocalTurn<Result>(
  name: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = last.get(name);
  const turn = Promise.resolve(before)
    .catch(() => undefined)
    .then(() => {
      if (signal.aborted) throw abortedError(signal);
      return work();
    });
  last.set(name, turn);
  try {
    return await turn;
  } finally {
    if (last.get(name) === turn) last.delete(name);
  }
}
