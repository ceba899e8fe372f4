/** Fewer reports: network pieces are small, and each report may become a message to another thread. */

/** Milliseconds after which there is a report however little has arrived. */
const PERIOD_MS = 100;

/** How a download is going. */
export interface DownloadProgress {
  /** Bytes that are there: those kept, and those in memory. */
  readonly loaded: number;
  /** Bytes; null until a server tells. */
  readonly total: number | null;
  /** Bytes that came over the network in this call, those for nothing included. */
  readonly received: number;
  /** The file begins anew: `loaded` went back. */
  readonly restarted?: true;
}

/** Lets a report through when another hundredth or 100 ms have gone by, when it is the last, or a restart. */
export function throttled(
  report: (progress: DownloadProgress) => void,
): (progress: DownloadProgress) => void {
  let last = -Infinity;
  let next = 0;
  return (progress) => {
    const { loaded, total, restarted } = progress;
    const now = performance.now();
    const isFurther = total !== null && loaded >= next;
    if (!isFurther && now - last < PERIOD_MS && loaded !== total && restarted === undefined) return;
    last = now;
    next = loaded + (total ?? 0) / 100;
    report(progress);
  };
}
