/** The bench for people. */
import { printTable } from './table.mjs';

/** @param {import('./run.mjs').RunReport} report */
export function printRun(report) {
  const { machine, model, indexing, query, plainLoop, coldStart, memory } = report;
  const { photosPerSecond: rate } = indexing;
  console.log(`${machine.cpu}, ${String(machine.threads)} threads; Chromium ${machine.browser}`);
  console.log(`${model.model} ${model.version}, ${model.device}, ${String(model.threads)} threads`);
  const size = `${(indexing.pixelsPerPhoto / 1e6).toFixed(1)} MP, ${kilobytes(indexing.bytesPerPhoto)}`;
  printTable(
    `Indexing ${String(indexing.photos)} photos of ${size}`,
    ['', 'median', 'min', 'max', 'runs'],
    [['photos per second', rate.median, rate.min, rate.max, rate.runs]],
  );
  printTable(
    `One query among ${String(query.vectors)} vectors (${String(query.queries)} queries), ms`,
    ['', 'p50', 'p95'],
    [
      ['encode', query.encodeMs.p50, query.encodeMs.p95],
      ['search', query.searchMs.p50, query.searchMs.p95],
      ['both in one call', query.togetherMs.p50, query.togetherMs.p95],
    ],
  );
  printTable(
    'The same search by a plain loop in the page, ms',
    ['SDK p50', 'loop p50', 'loop / SDK', 'same result'],
    [[plainLoop.sdkMs, plainLoop.plainMs, plainLoop.ratio, plainLoop.equal]],
  );
  printTable(
    'From opening the page to the first result',
    ['', 'seconds', 'min', 'max', 'downloaded'],
    Object.entries(coldStart).map(([kind, { seconds, bytes }]) => [
      kind === 'empty' ? 'first visit' : 'model cached',
      seconds.median,
      seconds.min,
      seconds.max,
      kilobytes(bytes),
    ]),
  );
  if (memory === null) {
    console.log('\nMemory cannot be measured on this system.');
    return;
  }
  printTable(
    `Memory above that of an empty page (${String(memory.emptyPageMB)} MB), MB`,
    ['peak while loading', 'loaded', 'peak while indexing', 'settled'],
    [[memory.loadingPeakMB, memory.loadedMB, memory.indexingPeakMB, memory.settledMB]],
  );
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return bytes < 1e6 ? `${String(Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
