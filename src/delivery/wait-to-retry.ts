/** The wait between two attempts. A connection that is back ends it. */
import { untilAborted } from '../core/until-aborted';

/**
 * Resolves after `ms` milliseconds, or when the browser is online again; rejects with `aborted`
 * when `signal` fires.
 */
export async function waitToRetry(ms: number, signal: AbortSignal): Promise<void> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    const online = (): void => {
      resolve();
    };
    globalThis.addEventListener('online', online);
    end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener('online', online);
    };
  });
  try {
    await untilAborted(ended, signal);
  } finally {
    end();
  }
}
