import { toPhotoglotError } from '../errors';

/** Calls a second time, in a new worker, when the store's worker died; both calls may have run. */
export async function twice<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (thrown) {
    if (toPhotoglotError(thrown).code !== 'worker-crashed') throw thrown;
    return call();
  }
}
