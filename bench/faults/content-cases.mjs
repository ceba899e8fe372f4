/** Wrong bytes, missing digests, signatures and mirrors: whom to believe. */
import { changedMidway } from './answer-cases.mjs';
import {
  CHUNK,
  digestOf,
  LARGE,
  manifestText,
  modelFiles,
  PUBLIC_KEY,
  signed,
  textFile,
} from './fault-model.mjs';

const MEBIBYTE = 2 ** 20;
const OTHER_STREAMS = 2;
const FLIPPED = 2 * CHUNK + 12_345;
/** Of the file, without digests of its chunks. */
const ALL_CHUNKS = 5;

const text = manifestText('chunks');
const altered = text.replace('"version":"1.0.0"', '"version":"1.0.1"');

/** @type {readonly import('./fault-case.d.mts').FaultCase[]} */
export const contentCases = [
  {
    name: 'wrong byte once',
    what: 'one bit of a chunk is wrong: the chunk is fetched again',
    setting: { rules: [{ kind: 'flip', file: LARGE, at: FLIPPED }] },
    expected: 'verified',
    mostChunksWasted: 1,
  },
  {
    name: 'wrong byte for ever',
    what: 'it is wrong again',
    setting: { rules: [{ kind: 'flip', file: LARGE, at: FLIPPED, times: 0 }] },
    expected: { code: 'integrity', message: /in bytes \d+ to \d+, SHA-256 .* expected .*Upload/ },
    mostChunksWasted: 2 + OTHER_STREAMS,
  },
  {
    name: 'wrong byte once, digest of the file only',
    what: 'nothing tells which chunk is wrong: the file is fetched again',
    setting: {
      files: modelFiles('files'),
      rules: [{ kind: 'flip', file: LARGE, at: FLIPPED }],
    },
    expected: 'verified',
    mostChunksWasted: ALL_CHUNKS,
  },
  {
    name: 'wrong byte for ever, digest of the file only',
    what: 'it is wrong again',
    setting: {
      files: modelFiles('files'),
      rules: [{ kind: 'flip', file: LARGE, at: FLIPPED, times: 0 }],
    },
    expected: { code: 'integrity', message: /has SHA-256 \w+, expected \w+\. Upload/ },
    mostChunksWasted: 2 * ALL_CHUNKS,
  },
  {
    name: 'file without a digest',
    what: 'the manifest has no SHA-256',
    setting: { files: modelFiles('none') },
    expected: { code: 'integrity', message: /has no SHA-256.*photoglot pack.*first-use/ },
  },
  {
    name: 'changed on the server, first use',
    what: 'without digests, a new ETag in the middle of the third chunk: the file begins anew',
    setting: {
      files: modelFiles('none'),
      rules: [{ kind: 'stall', file: LARGE, at: 2 * CHUNK, after: 3 * MEBIBYTE }],
    },
    request: { files: [LARGE], integrity: 'first-use' },
    digests: { [LARGE]: digestOf(LARGE, 99) },
    expected: 'first-use',
    steps: (bench) => changedMidway(bench),
    // What was of the old version.
    mostChunksWasted: 3,
  },
  {
    name: 'signed manifest',
    what: 'a public key is given, and the signature is right',
    setting: { files: { 'manifest.json.sig': textFile(signed(text)) } },
    request: { publicKey: PUBLIC_KEY },
    expected: 'signed',
  },
  {
    name: 'signed manifest, altered',
    what: 'one digit of the manifest is another',
    setting: {
      files: {
        'manifest.json': textFile(altered),
        'manifest.json.sig': textFile(signed(text)),
      },
    },
    request: { publicKey: PUBLIC_KEY },
    expected: { code: 'signature-invalid', message: /sign/i },
  },
  {
    name: 'unsigned manifest',
    what: 'a public key is given, but there is no signature',
    request: { publicKey: PUBLIC_KEY },
    expected: { code: 'signature-invalid', message: /has no signature.*photoglot sign/ },
  },
  {
    name: 'mirror takes over',
    what: 'the first host loses a file after two chunks; another one has it',
    setting: { rules: [{ kind: 'status', status: 404, file: LARGE, at: 2 * CHUNK, times: 0 }] },
    expected: 'verified',
    steps: async (bench) => {
      const mirror = bench.addHost();
      bench.mirrors = [bench.url(mirror, true)];
      const outcome = await bench.download();
      const asked = bench.scenarioOf(mirror).log.some(({ file }) => file === LARGE);
      bench.check('the mirror was not asked', asked);
      return outcome;
    },
  },
  {
    name: 'all mirrors dead',
    what: 'no host has the file',
    setting: { rules: [{ kind: 'status', status: 404, file: LARGE, times: 0 }] },
    expected: { code: 'network', message: /answered 404.*Other hosts:.*answered 503.*again later/ },
    steps: async (bench) => {
      const broken = { kind: /** @type {const} */ ('status'), status: 503, times: 0 };
      bench.mirrors = [bench.url(bench.addHost({ rules: [broken] }), true)];
      return bench.download();
    },
    mostChunksWasted: OTHER_STREAMS,
    isPatient: true,
  },
];
