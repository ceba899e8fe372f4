/** The models bench for people. */
import { printTable } from './table.mjs';

/** @typedef {import('./models-figures.mjs').Ratios} Ratios */

/** @param {import('./models.mjs').ModelsReport} report */
export function printModels({ machine, peer, tokens, rows, native, long, ratios }) {
  console.log(`${machine.cpu}, ${String(machine.threads)} threads; Chromium ${machine.browser}`);
  console.log(
    `transformers.js ${String(peer.transformers)} with onnxruntime-web ${String(peer.onnxruntime)}`,
  );
  printTable(
    `Median of the runs (least–most)`,
    [
      '',
      'threads',
      `${String(tokens.query)} tokens, ms`,
      'p95, ms',
      `${String(tokens.passage)} tokens, s`,
      'load, s',
      'peak MB',
      'settled MB',
      'download MB',
      'cosine',
    ],
    [...rows, ...native].map(({ name, threads, cosine, figures }) => [
      name,
      threads,
      spreadText(figures.queryMs, 1, 0),
      spreadText(figures.queryP95Ms, 1, 0),
      spreadText(figures.passageMs, 1000, 2),
      spreadText(figures.readyMs, 1000, 1),
      spreadText(figures.peakMB, 1, 0),
      spreadText(figures.settledMB, 1, 0),
      figures.bytes === null ? null : Math.round(figures.bytes / 1e6),
      cosine,
    ]),
  );
  if (native.length === 0) console.log('\nNo native ORT: name a Python with it by --python PATH.');
  printTable(
    'Ratios: below 1, Photoglot takes less',
    ['', 'query', 'passage', 'load', 'peak', 'settled', 'download'],
    ratios.flatMap(({ name, peer: plain, peersBest, native: one, nativeBest }) => [
      ...ratioRow(`${name} / transformers.js, same bytes, 1 thread`, plain),
      ...ratioRow(`${name} / the best of transformers.js`, peersBest),
      ...ratioRow(`${name} / native ORT, 1 thread`, one),
      ...ratioRow(`${name} / the best of native ORT`, nativeBest),
    ]),
  );
  if (long.rows.length === 0) return;
  printTable(
    `One passage of ${String(long.tokens)} tokens`,
    ['', 's', 'peak MB', ''],
    long.rows.map(({ name, ms, peakMB, failure }) => [
      name,
      ms === null ? null : Math.round(ms / 1000),
      peakMB,
      failure ?? '',
    ]),
  );
}

/** Nothing for a ratio that is not there. @param {string} name @param {Ratios | null} ratio */
function ratioRow(name, ratio) {
  if (ratio === null || ratio.query === null) return [];
  const { query, passage, ready, peak, settled, bytes } = ratio;
  return [[name, query, passage, ready, peak, settled, bytes]];
}

/**
 * @param {import('./models-figures.mjs').Spread | null} spread
 * @param {number} unit how many of them make one @param {number} places
 */
function spreadText(spread, unit, places) {
  if (spread === null) return null;
  const text = (/** @type {number} */ value) => (value / unit).toFixed(places);
  return `${text(spread.median)} (${text(spread.min)}–${text(spread.max)})`;
}
