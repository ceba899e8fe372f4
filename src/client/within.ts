/** Waiting for what may never answer, or fail, where a default will do. */
import { inTime } from '../core/in-time';

/** The result, or `otherwise` if it is not there after `ms` milliseconds or fails. Never rejects. */
export async function within<Result>(
  ms: number,
  ask: () => Promise<Result>,
  otherwise: Result,
): Promise<Result> {
  try {
    return await inTime(ms, ask(), otherwise);
  } catch {
    return otherwise;
  }
}
