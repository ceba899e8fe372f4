/** The server answers, but not with what was asked for. */
import { CHUNK, fileOf, LARGE, MIDDLE, sizeOf, textFile } from './fault-model.mjs';
import { until } from './until.mjs';

const MEBIBYTE = 2 ** 20;
const OTHER_STREAMS = 2;
const START_PAGE = '<!doctype html><title>A start page</title>';

/** @type {readonly import('./fault-case.d.mts').FaultCase[]} */
export const answerCases = [
  {
    name: 'status 500 once',
    what: 'the first request for each of two files fails',
    setting: { rules: [LARGE, MIDDLE].map((file) => ({ kind: 'status', file })) },
    expected: 'verified',
  },
  {
    name: 'status 503 once for the manifest',
    what: 'its first request fails',
    setting: { rules: [{ kind: 'status', status: 503, file: 'manifest.json' }] },
    expected: 'verified',
  },
  {
    name: 'status 500 for ever',
    what: 'all requests for one file fail',
    setting: { rules: [{ kind: 'status', file: LARGE, times: 0 }] },
    expected: { code: 'network', message: /answered 500.*Try again later.*failed 6 times/ },
    mostChunksWasted: OTHER_STREAMS,
    isPatient: true,
  },
  {
    name: 'status 429 with Retry-After',
    what: 'the server asks for a wait of 2 s',
    setting: { rules: [{ kind: 'status', status: 429, retryAfter: '2', file: LARGE }] },
    expected: 'verified',
    steps: async (bench) => {
      const start = performance.now();
      const outcome = await bench.download();
      bench.check('the wait was cut short', performance.now() - start >= 2000);
      return outcome;
    },
  },
  {
    name: 'status 429 with a long Retry-After',
    what: 'the server asks for a wait of an hour',
    setting: {
      rules: [{ kind: 'status', status: 429, retryAfter: '3600', file: LARGE, times: 0 }],
    },
    expected: { code: 'network', message: /answered 429.*Try again in 3600 s/ },
    mostChunksWasted: OTHER_STREAMS,
  },
  {
    name: 'status 404',
    what: 'a file is not there',
    setting: { rules: [{ kind: 'status', status: 404, file: LARGE, times: 0 }] },
    expected: { code: 'network', message: /answered 404.*Is the model's folder served there/ },
    mostChunksWasted: OTHER_STREAMS,
  },
  {
    name: 'no ranges',
    what: 'the server sends the whole file whatever is asked for',
    setting: { options: { range: false } },
    expected: 'verified',
  },
  {
    name: 'no ranges, dropped',
    what: 'so, and the connection breaks after 20 MiB: what is kept has to be read past again',
    setting: {
      options: { range: false },
      rules: [{ kind: 'drop', file: LARGE, after: 20 * MEBIBYTE }],
    },
    expected: 'verified',
    // All that came before the break, as nothing but the whole file can be had.
    mostChunksWasted: 2.5,
  },
  {
    name: 'no Content-Length',
    what: 'chunked encoding',
    setting: { options: { contentLength: false } },
    expected: 'verified',
  },
  {
    name: 'compressed',
    what: 'gzip on the way, which browsers refuse for ranges',
    setting: { options: { gzip: true } },
    request: { files: [MIDDLE] },
    expected: 'verified',
    mostChunksWasted: 1,
  },
  {
    name: 'start page for a file',
    what: 'an HTML page with status 200',
    setting: { rules: [{ kind: 'html', file: LARGE, times: 0 }] },
    expected: { code: 'integrity', message: /is an HTML page.*Is the model's folder served there/ },
    mostChunksWasted: OTHER_STREAMS,
  },
  {
    name: 'start page for the manifest',
    what: 'an HTML page with status 200',
    setting: { files: { 'manifest.json': textFile(START_PAGE) } },
    expected: { code: 'integrity', message: /is not JSON.*Is the model's folder served there/ },
  },
  {
    name: 'changed on the server, digests',
    what: 'in the middle of the third chunk another file takes the place of the one that the manifest describes',
    setting: { rules: [{ kind: 'stall', file: LARGE, at: 2 * CHUNK, after: 3 * MEBIBYTE }] },
    expected: {
      code: 'integrity',
      message: /SHA-256 \w+, expected \w+\. Upload the model's files/,
    },
    steps: (bench) => changedMidway(bench),
    // The chunk, of which 3 MiB were right; again as a whole; and what the break has cost.
    mostChunksWasted: 3,
  },
];

/** A pause ends the request that stalls; what follows is of the other file. @param {import('./fault-bench.mjs').FaultBench} bench */
export async function changedMidway(bench) {
  const ended = bench.download();
  await until('the answer stalls', () =>
    bench.scenario.log.some(({ fault, bytes }) => fault === 'stall' && bytes === 3 * MEBIBYTE),
  );
  // The other files are there, and of this one what was sent, but for pieces on the way.
  const others = bench.needed - sizeOf(LARGE);
  await bench.tab.reported({ state: 'downloading', loaded: others + 2 * CHUNK + 2 * MEBIBYTE });
  bench.scenario.change({ files: { [LARGE]: fileOf(LARGE, 99) }, options: { etag: '"v2"' } });
  await bench.tab.call('pause');
  await bench.tab.reported({ state: 'paused', loaded: 0 });
  await bench.tab.call('resume');
  return ended;
}
