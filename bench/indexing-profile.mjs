/** Where the time goes when photos are indexed. Not timed: whoever looks slows it down. */
import { timesByKind } from './cpu-profile.mjs';
import { openWarm, photosOf } from './indexing-runs.mjs';
import { rounded } from './metrics.mjs';
import { indexOnce } from './photos.mjs';
import { readSourcePaths } from './source-paths.mjs';
import { PAGES } from './site.mjs';
import { profileThreads } from './thread-profiler.mjs';
import { threadTimes, timesBetween } from './thread-times.mjs';
import { workKind } from './work-kinds.mjs';

/** @typedef {import('./indexing-cells.mjs').Cell} Cell */
/** @typedef {import('./indexing-runs.mjs').Bench} Bench */

/**
 * Milliseconds per photo, and the share of the whole; the largest first.
 * @typedef {{ readonly what: string, readonly msPerPhoto: number, readonly share: number }} Part
 */

/**
 * Indexes twice: once with an eye on the processor time of all threads, once with Chromium's
 * profiler in the page and its workers.
 * @param {Bench} bench @param {Cell} cell @param {number} root the browser's first process
 */
export async function profileCell(bench, cell, root) {
  const { opened, perSecond } = await openWarm(bench, cell);
  const photos = photosOf(bench, cell, perSecond);
  console.error(`profile: ${cell.variant.model}, ${opened.imageDtype}`);
  const before = await threadTimes(root);
  await indexOnce(bench.page, photos);
  const spent = timesBetween(before, await threadTimes(root));
  const { threads } = await profileThreads(bench.page, () => indexOnce(bench.page, photos));
  const sourceOf = await readSourcePaths(PAGES);
  return {
    model: cell.variant.model,
    dtype: opened.imageDtype,
    batch: cell.batch,
    threads: opened.threads,
    photos,
    /** Of all threads of the browser; null where the system does not tell. */
    processorTime: spent.size === 0 ? null : parts(spent, photos),
    /** Of each thread of the page, by kind of work; null for one that did not answer. */
    workers: threads.map(({ name, profile }) => ({
      name,
      work:
        profile === null
          ? null
          : parts(
              timesByKind(profile, (stack) => workKind(stack, sourceOf)),
              photos,
            ),
    })),
  };
}

/** @typedef {Awaited<ReturnType<typeof profileCell>>} IndexingProfile */

/**
 * @param {ReadonlyMap<string, number>} times milliseconds @param {number} photos
 * @returns {readonly Part[]}
 */
function parts(times, photos) {
  const whole = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .map(([what, ms]) => ({ what, msPerPhoto: rounded(ms / photos), share: rounded(ms / whole) }));
}
