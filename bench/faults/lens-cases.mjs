/** To the end: a real model, interrupted on its way, is loaded and encodes a text. */
import { CHUNK } from './fault-model.mjs';
import { clearDatabases } from './devtools.mjs';
import { MINI, MINI_BYTES, miniFiles } from './mini-model.mjs';
import { until } from './until.mjs';

/** @typedef {import('./fault-bench.mjs').FaultBench} FaultBench */

const WEIGHTS = 'text.onnx';
const HELD = 3 * 2 ** 20;
const TEXT = 'a dog on the beach';
const request = { files: Object.keys(MINI) };

/** @type {readonly import('./fault-case.d.mts').FaultCase[]} */
export const lensCases = [
  {
    name: 'lens, dropped',
    what: '`createLens` with `mini`; every answer breaks after 5 MiB',
    setting: { files: miniFiles(), rules: [{ kind: 'drop', times: 0, after: 5 * 2 ** 20 }] },
    request,
    expected: 'verified',
    mostChunksWasted: 1,
    steps: encodeAndLook,
  },
  {
    name: 'lens, tab closed',
    what: '`createLens` with `mini`; the tab is closed in the middle and opened again',
    setting: {
      files: miniFiles(),
      rules: [{ kind: 'stall', file: WEIGHTS, at: CHUNK, after: HELD }],
    },
    request,
    expected: 'verified',
    mostChunksWasted: 1,
    steps: async (bench) => {
      bench.tab.call('encode', bench.request, TEXT).catch(() => undefined);
      await until('the weights are held, and the other files are there', () => {
        const { log } = bench.scenario;
        const isHeld = log.some(({ fault, bytes }) => fault === 'stall' && bytes === HELD);
        return isHeld && bench.site.openAnswers(bench.id) === 1;
      });
      const closed = bench.tab;
      await bench.openTab();
      await closed.page.close();
      return encodeAndLook(bench);
    },
  },
  {
    name: 'lens, site data deleted',
    what: '`createLens` with `mini`; its memory is given back, all site data deleted, and a text encoded',
    setting: { files: miniFiles() },
    request,
    expected: 'verified',
    steps: async (bench) => {
      checkVector(bench, await bench.tab.call('encode', bench.request, TEXT));
      await bench.tab.call('unload');
      await clearDatabases(bench);
      checkVector(bench, await bench.tab.call('encodeAgain', TEXT));
      bench.needed += MINI_BYTES;
      return bench.download();
    },
  },
];

/** @param {FaultBench} bench */
async function encodeAndLook(bench) {
  checkVector(bench, await bench.tab.call('encode', bench.request, TEXT));
  return bench.download();
}

/** @param {FaultBench} bench @param {import('../pages/faults-page.ts').LensOutcome} encoded */
function checkVector(bench, encoded) {
  const told = encoded.ok ? `a vector of length ${String(encoded.length)}` : encoded.message;
  bench.check(`no vector: ${told}`, encoded.ok && Math.abs(encoded.length - 1) < 1e-3);
}
