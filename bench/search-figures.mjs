/** Figures of the search bench from what its visits measured. Nothing here knows of browsers. */
import { mean, quantile, rounded, spread } from './metrics.mjs';

/** Rows that a query asks for. */
const LIMIT = 10;

/** @typedef {ReturnType<typeof spread>} Spread */

/**
 * What one run of one side measured; null for what it does not have.
 * @typedef {{
 *   readonly buildMs: number, readonly saveMs: number | null, readonly buildPeakMB: number | null,
 *   readonly openMs: number | null, readonly ms: readonly number[], readonly recall: number,
 *   readonly openPeakMB: number | null, readonly settledMB: number | null,
 * }} SideRun
 */

/**
 * Of each query the share of the rows to be found that were found.
 * @param {readonly (readonly number[])[]} found by query
 * @param {import('./pages/search-page.ts').Truth} truth
 */
export function sharesOf(found, { rows, accepted }) {
  if (found.length !== accepted.length) throw new Error('The truth is about other queries.');
  return found.map((hits, query) => {
    const good = new Set(accepted[query]);
    // An index may give a row twice; it counts once.
    return [...new Set(hits)].filter((row) => good.has(row)).length / Math.min(LIMIT, rows);
  });
}

/** Mean of these shares. @param {Parameters<typeof sharesOf>} answers */
export function recallOf(...answers) {
  return mean(sharesOf(...answers));
}

/**
 * Median and spread over the runs, of each run's own percentiles.
 * @param {readonly SideRun[]} runs
 */
export function sideFigures(runs) {
  return {
    buildMs: spread([...new Set(runs.map(({ buildMs }) => buildMs))]),
    saveMs: spreadOfKnown([...new Set(runs.map(({ saveMs }) => saveMs))]),
    buildPeakMB: spreadOfKnown([...new Set(runs.map(({ buildPeakMB }) => buildPeakMB))]),
    ...timeFigures(runs.map(({ ms }) => ms)),
    recall: rounded(mean(runs.map(({ recall }) => recall))),
    openMs: spreadOfKnown(runs.map(({ openMs }) => openMs)),
    openPeakMB: spreadOfKnown(runs.map(({ openPeakMB }) => openPeakMB)),
    settledMB: spreadOfKnown(runs.map(({ settledMB }) => settledMB)),
  };
}

/** @typedef {ReturnType<typeof sideFigures>} SideFigures */

/** @param {readonly (readonly number[])[]} runs milliseconds of each query */
export function timeFigures(runs) {
  return {
    p50: spread(runs.map((ms) => quantile(ms, 0.5))),
    p95: spread(runs.map((ms) => quantile(ms, 0.95))),
  };
}

/**
 * A peer's figures over ours; null where either has none.
 * @param {SideFigures} ours @param {SideFigures} theirs
 */
export function ratios(ours, theirs) {
  /** @param {(figures: SideFigures) => number | undefined} of */
  const ratio = (of) => {
    const [mine, other] = [of(ours), of(theirs)];
    return mine === undefined || other === undefined ? null : rounded(other / mine);
  };
  return {
    build: ratio(({ buildMs }) => buildMs.median),
    // Ours is on the disk when it is built.
    buildAndSave: ratio(({ buildMs, saveMs }) => buildMs.median + (saveMs?.median ?? 0)),
    p50: ratio(({ p50 }) => p50.median),
    p95: ratio(({ p95 }) => p95.median),
    open: ratio(({ openMs }) => openMs?.median),
    buildPeak: ratio(({ buildPeakMB }) => buildPeakMB?.median),
    settled: ratio(({ settledMB }) => settledMB?.median),
  };
}

/**
 * By how much a filter makes a search slower, of the queries of all runs; `runs` have the same percents.
 * @param {readonly import('./pages/search-page.ts').TimedFilters[]} runs
 */
export function filterFigures(runs) {
  const p50 = (/** @type {readonly number[]} */ ms) => quantile(ms, 0.5);
  const plain = spread(runs.map((run) => p50(run.plain)));
  const percents = runs[0]?.filtered.map(({ percent }) => percent) ?? [];
  return percents.map((percent, index) => {
    const times = runs.map(({ filtered }) => filtered[index]?.ms ?? []);
    const filtered = timeFigures(times);
    const ratio = spread(runs.map((run, at) => p50(times[at] ?? []) / p50(run.plain)));
    return { percent, ...filtered, plain, ratio };
  });
}

/** Null without any. @param {readonly (number | null)[]} values */
function spreadOfKnown(values) {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? null : spread(known);
}
