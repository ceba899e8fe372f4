/** Figures of the latency bench from what its runs measured. Nothing here knows of browsers. */
import { quantile, rounded, spread } from './metrics.mjs';

/** What is allowed beside indexing: the larger of the two. */
const MOST_TIMES = 1.5;
const MOST_ADDED_MS = 30;

/** @typedef {import('./pages/bench-page.ts').PacedTimes} PacedTimes */
/** @typedef {import('./pages/bench-page.ts').BesideIndexing} BesideIndexing */

/** @typedef {{ readonly rest: PacedTimes, readonly indexing: BesideIndexing }} LatencyRun */

/**
 * Median and spread over the runs, of each run's own percentiles and rates.
 * @param {readonly LatencyRun[]} runs
 */
export function latencyFigures(runs) {
  const search = sideFigures(runs, wholeTimes);
  return {
    /** Of a text: what the encoder takes, and the whole search by text. */
    encode: sideFigures(runs, ({ encode }) => encode),
    search,
    verdict: judge(search.rest.p95.median, search.indexing.p95.median),
    photosPerSecond: {
      /** Nobody asks. */
      alone: spread(runs.map(({ indexing }) => rateOf(indexing.alone))),
      /** While the queries are asked. */
      beside: spread(runs.map(({ indexing }) => rateOf(indexing.beside))),
    },
    /** In each run, at rest and beside indexing. */
    queries: runs.map(({ rest, indexing }) => [rest.encode.length, indexing.times.encode.length]),
  };
}

/** @typedef {ReturnType<typeof latencyFigures>} LatencyFigures */

/**
 * Whether queries beside indexing are as quick as they have to be: not more than 1.5 times as slow
 * as at rest, or 30 ms slower.
 * @param {number} rest @param {number} indexing both the 95th percentile, ms
 */
export function judge(rest, indexing) {
  const limitMs = Math.max(rest * MOST_TIMES, rest + MOST_ADDED_MS);
  return {
    ratio: rounded(indexing / rest),
    addedMs: rounded(indexing - rest),
    limitMs: rounded(limitMs),
    // NaN is no pass.
    passed: indexing <= limitMs,
  };
}

/** @param {readonly LatencyRun[]} runs @param {(times: PacedTimes) => readonly number[]} of */
function sideFigures(runs, of) {
  const percentiles = (/** @type {(run: LatencyRun) => PacedTimes} */ side) => ({
    p50: spread(runs.map((run) => quantile(of(side(run)), 0.5))),
    p95: spread(runs.map((run) => quantile(of(side(run)), 0.95))),
  });
  return {
    rest: percentiles(({ rest }) => rest),
    indexing: percentiles(({ indexing }) => indexing.times),
  };
}

/** @param {PacedTimes} times */
function wholeTimes({ encode, search }) {
  return encode.map((ms, at) => ms + (search[at] ?? NaN));
}

/** @param {import('./pages/bench-page.ts').WatchedPhotos} watched */
function rateOf({ photos, ms }) {
  return (photos / ms) * 1000;
}
