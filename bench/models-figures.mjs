/** Figures of the models bench from what its visits measured. Nothing here knows of browsers. */
import { dot, quantile, rounded, spread } from './metrics.mjs';

/** @typedef {ReturnType<typeof spread>} Spread */

/**
 * What one run of one row measured.
 * @typedef {{
 *   readonly bytes: number | null, readonly readyMs: number,
 *   readonly queryMs: readonly number[], readonly passageMs: readonly number[],
 *   readonly peakMB: number | null, readonly settledMB: number | null,
 * }} RowRun
 */

/**
 * Median and spread over the runs, of each run's own median or, for `queryP95Ms`, 95th percentile.
 * @param {readonly RowRun[]} runs
 */
export function rowFigures(runs) {
  return {
    queryMs: spread(runs.map(({ queryMs }) => quantile(queryMs, 0.5))),
    queryP95Ms: spread(runs.map(({ queryMs }) => quantile(queryMs, 0.95))),
    passageMs: spread(runs.map(({ passageMs }) => quantile(passageMs, 0.5))),
    readyMs: spread(runs.map(({ readyMs }) => readyMs)),
    peakMB: spreadOfKnown(runs.map(({ peakMB }) => peakMB)),
    settledMB: spreadOfKnown(runs.map(({ settledMB }) => settledMB)),
    bytes: spreadOfKnown(runs.map(({ bytes }) => bytes))?.max ?? null,
  };
}

/** @typedef {ReturnType<typeof rowFigures>} RowFigures */

/**
 * Our figures over theirs; of several rows of theirs over the best of each figure, which no one
 * row need have all of. Null where either side has none.
 * @param {RowFigures} ours @param {readonly RowFigures[]} theirs
 */
export function ratios(ours, theirs) {
  /** @param {(figures: RowFigures) => number | null | undefined} of */
  const ratio = (of) => {
    const mine = of(ours);
    const others = theirs.flatMap((each) => of(each) ?? []);
    if (mine === undefined || mine === null || others.length === 0) return null;
    return rounded(mine / Math.min(...others));
  };
  return {
    query: ratio(({ queryMs }) => queryMs.median),
    passage: ratio(({ passageMs }) => passageMs.median),
    ready: ratio(({ readyMs }) => readyMs.median),
    peak: ratio(({ peakMB }) => peakMB?.median),
    settled: ratio(({ settledMB }) => settledMB?.median),
    bytes: ratio(({ bytes }) => bytes),
  };
}

/** @typedef {ReturnType<typeof ratios>} Ratios */

/** @param {readonly number[]} a @param {readonly number[]} b of equal length */
export function cosine(a, b) {
  const [x, y] = [Float32Array.from(a), Float32Array.from(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

/** Null without any. @param {readonly (number | null)[]} values */
function spreadOfKnown(values) {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? null : spread(known);
}
