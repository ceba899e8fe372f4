/** The latency bench for people. */
import { printTable } from './table.mjs';

/** @typedef {import('./metrics.mjs').spread} spread */

/** @param {import('./latency.mjs').LatencyReport} report */
export function printLatency({ machine, pixelsPerPhoto, query, rows }) {
  console.log(`${machine.cpu}, ${String(machine.threads)} threads; Chromium ${machine.browser}`);
  const { tokens, queries, everyMs, vectors } = query;
  const what = `${String(queries)} queries of ${String(tokens)} tokens, one every ${String(everyMs)} ms, among ${String(vectors)} vectors`;
  for (const part of /** @type {const} */ (['encode', 'search'])) {
    printTable(
      `${part === 'encode' ? 'A query’s vector' : 'The whole search'}, ms: ${what}. Median of the runs (least–most)`,
      ['model', 'format', 'p50 at rest', 'p50 indexing', 'p95 at rest', 'p95 indexing'],
      rows.map(({ model, dtype, [part]: { rest, indexing } }) => [
        model,
        dtype,
        ...[rest.p50, indexing.p50, rest.p95, indexing.p95].map((each) => spreadText(each, 1)),
      ]),
    );
  }
  printTable(
    `p95 of the whole search while photos of ${(pixelsPerPhoto / 1e6).toFixed(1)} MP are indexed; allowed are 1.5 times that at rest, or 30 ms more`,
    [
      'model',
      'format',
      'threads',
      'times',
      'more, ms',
      'limit, ms',
      '',
      'photos/s alone',
      'with queries',
    ],
    rows.map(({ model, dtype, threads, verdict, photosPerSecond: { alone, beside } }) => [
      model,
      dtype,
      threads,
      verdict.ratio.toFixed(2),
      verdict.addedMs.toFixed(1),
      verdict.limitMs.toFixed(1),
      verdict.passed ? 'within' : 'above',
      spreadText(alone, 2),
      spreadText(beside, 2),
    ]),
  );
}

/** @param {ReturnType<spread>} figure @param {number} places */
function spreadText({ median, min, max }, places) {
  return `${median.toFixed(places)} (${min.toFixed(places)}–${max.toFixed(places)})`;
}
