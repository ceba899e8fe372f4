/** The connection breaks, stalls, is slow, or its answers end too early or too late. */
import { CHUNK, fileOf, LARGE, MIDDLE } from './fault-model.mjs';

const MEBIBYTE = 2 ** 20;
const MANIFEST = 'manifest.json';
/** Nobody waits longer for what is there already. */
const MOST_PATIENCE_MS = 10_000;
/** What is broken off when one of the three streams ends with an error. */
const OTHER_STREAMS = 2;

/** @type {readonly import('./fault-case.d.mts').FaultCase[]} */
export const connectionCases = [
  {
    name: 'dropped once',
    what: 'the connection breaks in the middle of the third chunk',
    setting: { rules: [{ kind: 'drop', file: LARGE, at: 2 * CHUNK, after: 3 * MEBIBYTE }] },
    expected: 'verified',
    mostChunksWasted: 1,
  },
  {
    name: 'dropped in every chunk',
    what: 'every answer breaks after 5 MiB',
    setting: { rules: [{ kind: 'drop', times: 0, after: 5 * MEBIBYTE }] },
    expected: 'verified',
    mostChunksWasted: 1,
  },
  {
    name: 'dropped before the first byte',
    what: 'the first connections break without an answer',
    setting: { rules: [{ kind: 'drop', times: 3 }] },
    expected: 'verified',
  },
  {
    name: 'manifest dropped once',
    what: 'the connection breaks in the middle of the manifest',
    setting: { rules: [{ kind: 'drop', file: MANIFEST, after: 1000 }] },
    expected: 'verified',
  },
  {
    name: 'manifest stalls, model kept',
    what: 'no byte of the manifest ever comes when the model is asked for again',
    expected: 'verified',
    isPatient: true,
    steps: async (bench) => {
      await bench.download();
      bench.scenario.change({ rules: [{ kind: 'stall', file: MANIFEST, times: 0 }] });
      const start = performance.now();
      const outcome = await bench.download();
      bench.check('it was waited for too long', performance.now() - start < MOST_PATIENCE_MS);
      const stalls = bench.scenario.log.filter(({ fault }) => fault === 'stall');
      bench.check('the manifest was not asked for', stalls.length > 0);
      return outcome;
    },
  },
  {
    name: 'stalled, then fine',
    what: 'an answer stops after 3 MiB without an end; 20 s later it is asked for again',
    setting: { rules: [{ kind: 'stall', file: LARGE, at: 2 * CHUNK, after: 3 * MEBIBYTE }] },
    expected: 'verified',
    isPatient: true,
  },
  {
    name: 'stalled for ever',
    what: 'no byte of one file ever comes',
    setting: { rules: [{ kind: 'stall', file: LARGE, times: 0 }] },
    expected: {
      code: 'network',
      message: /sent nothing for 20 s.*failed 6 times.*What has arrived is kept/,
    },
    isPatient: true,
  },
  {
    name: 'slow drip',
    what: 'all bytes come, 32 KiB at a time',
    setting: { rules: [{ kind: 'drip', times: 0, bytes: 32_768, every: 2 }] },
    expected: 'verified',
  },
  {
    name: 'truncated once',
    what: 'an answer ends properly, but after 3 MiB of the chunk',
    setting: { rules: [{ kind: 'truncate', file: LARGE, at: 2 * CHUNK, after: 3 * MEBIBYTE }] },
    expected: 'verified',
  },
  {
    name: 'truncated file',
    what: 'the file on the server is shorter than the manifest says',
    setting: { files: { [LARGE]: { ...fileOf(LARGE), size: 3.5 * CHUNK } } },
    expected: { code: 'integrity', message: /has \d+ bytes, expected \d+\. Upload the model's/ },
    mostChunksWasted: OTHER_STREAMS,
  },
  {
    name: 'oversized answer',
    what: 'more bytes follow than were asked for',
    setting: { rules: [{ kind: 'oversize', file: MIDDLE, at: CHUNK, after: 100_000 }] },
    expected: {
      code: 'integrity',
      message: /sent more than the range.*Check with "npx photoglot verify"/,
    },
    // The other streams, and the chunk that so ended.
    mostChunksWasted: OTHER_STREAMS + 1,
  },
  {
    name: 'oversized file',
    what: 'the file on the server is longer than the manifest says',
    setting: { files: { [LARGE]: { ...fileOf(LARGE), size: 6 * CHUNK } } },
    expected: { code: 'integrity', message: /has \d+ bytes, expected \d+\. Upload the model's/ },
    mostChunksWasted: OTHER_STREAMS,
  },
];
