/** The search bench for people. */
import { printTable } from './table.mjs';

/** @typedef {import('./search.mjs').SearchReport} SearchReport */
/** @typedef {import('./search-figures.mjs').Spread} Spread */

/** @param {SearchReport} report */
export function printSearch({ machine, peers, queries, noise, comparisons, growth }) {
  const kind = noise ? 'isotropic noise' : 'the spectrum of real vectors';
  console.log(`${machine.cpu}, ${String(machine.threads)} threads; Chromium ${machine.browser}`);
  console.log(`${String(queries)} queries; vectors with ${kind}; medians of the runs (least–most)`);
  for (const comparison of comparisons) printComparison(comparison, peers);
  if (growth.length > 0) printGrowth(growth);
}

/** @param {SearchReport['comparisons'][number]} comparison @param {SearchReport['peers']} versions */
function printComparison({ rows, dimension, sides }, versions) {
  printTable(
    `${String(rows)} × ${String(dimension)}, each side in a worker`,
    [
      '',
      'build, s',
      'keep, s',
      'open, s',
      'p50, ms',
      'p95, ms',
      'recall@10',
      'MB, building',
      'MB, open',
    ],
    sides.map(({ side, figures }) => [
      `${side} ${versions[side] ?? ''}`.trim(),
      ...(figures === null
        ? []
        : [
            text(figures.buildMs, 1000, 2),
            text(figures.saveMs, 1000, 2),
            text(figures.openMs, 1000, 2) ?? 'rebuilds',
            text(figures.p50, 1, 2),
            text(figures.p95, 1, 2),
            figures.recall.toFixed(3),
            text(figures.buildPeakMB, 1, 0),
            text(figures.settledMB, 1, 0),
          ]),
    ]),
  );
  console.log();
  for (const { side, skipped, keepFailure } of sides) {
    if (skipped !== null) console.log(`${side} is left out: ${skipped}`);
    if (keepFailure !== null) console.log(`${side} rebuilds: ${keepFailure}`);
  }
  printTable(
    'Times as much as Photoglot: above 1, the other takes more',
    ['', 'build', 'build, keep', 'open', 'p50', 'p95', 'MB, building', 'MB, open'],
    sides.flatMap(({ side, ratios }) => {
      if (ratios === null) return [];
      const { build, buildAndSave, open, p50, p95, buildPeak, settled } = ratios;
      return [[side, build, buildAndSave, open, p50, p95, buildPeak, settled]];
    }),
  );
}

/** @param {SearchReport['growth']} growth */
function printGrowth(growth) {
  const [first] = growth;
  printTable(
    `Photoglot alone, ${String(first?.dimension)} numbers`,
    [
      'rows',
      'import, s',
      'then busy, s',
      'GB on disk',
      'MB, importing',
      'MB, opening',
      'MB, settled',
    ],
    growth.map((row) => [
      row.rows,
      (row.importMs / 1000).toFixed(1),
      (row.restMs / 1000).toFixed(1),
      (row.diskBytes / 1e9).toFixed(2),
      row.importPeakMB,
      text(row.openPeakMB, 1, 0),
      text(row.settledMB, 1, 0),
    ]),
  );
  printTable(
    'Searches, openings and additions',
    [
      'rows',
      'threads',
      'p50, ms',
      'p95, ms',
      'recall@10',
      'open, ms',
      'add 1,000, ms',
      '1 %, ms',
      'ratio',
      '50 %, ms',
      'ratio',
    ],
    growth.flatMap(({ rows, allThreads, oneThread }) => [
      threadRow(rows, 'all', allThreads),
      threadRow(rows, '1', oneThread),
    ]),
  );
}

/** @param {number} rows @param {string} threads @param {import('./search-growth.mjs').ThreadFigures} figures */
function threadRow(rows, threads, { p50, p95, recall, openMs, addMs, filters }) {
  return [
    rows,
    threads,
    text(p50, 1, 1),
    text(p95, 1, 1),
    recall.toFixed(3),
    text(openMs, 1, 0),
    text(addMs, 1, 0),
    ...filters.flatMap((filter) => [text(filter.p50, 1, 1), filter.ratio.median.toFixed(2)]),
  ];
}

/**
 * @param {Spread | null} spread
 * @param {number} unit how many of them make one @param {number} places
 */
function text(spread, unit, places) {
  if (spread === null) return null;
  const show = (/** @type {number} */ value) => (value / unit).toFixed(places);
  const middle = show(spread.median);
  if (spread.runs === 1) return middle;
  return `${middle} (${show(spread.min)}–${show(spread.max)})`;
}
