/** The delivery bench for people. */
import { printTable } from './table.mjs';

/** @param {import('./delivery.mjs').DeliveryReport} report */
export function printDelivery(report) {
  const { machine, peer, bytes, cachingPeakMB, photoglot, transformers } = report;
  console.log(`${machine.cpu}, ${String(machine.threads)} threads; Chromium ${machine.browser}`);
  console.log(
    `transformers.js ${String(peer.transformers)} with onnxruntime-web ${String(peer.onnxruntime)}`,
  );
  /** @type {readonly (readonly [string, import('./delivery.mjs').Spread | null])[]} */
  const times = [
    ['Photoglot, self-tested', photoglot.readyMs],
    ['transformers.js, session', transformers.sessionMs],
    ['transformers.js, same texts encoded', transformers.readyMs],
  ];
  printTable(
    `From the cache to the text tower (${(bytes / 1e6).toFixed(0)} MB), ms`,
    ['', 'median', 'min', 'max', 'runs'],
    times.map(([name, each]) => [name, each?.median, each?.min, each?.max, each?.runs]),
  );
  printTable(
    'Photoglot / transformers.js',
    ['to its session', 'to its encoded texts'],
    [[report.ratioToSession, report.ratioToReady]],
  );
  printTable(
    'Most memory above the idle page, MB',
    ['', 'while caching', 'while loading'],
    [
      ['Photoglot', cachingPeakMB.photoglot, photoglot.peakMB?.median],
      ['transformers.js (its first load)', cachingPeakMB.transformers, transformers.peakMB?.median],
    ],
  );
}
