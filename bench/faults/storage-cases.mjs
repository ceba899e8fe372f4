/** The disk is full, forbidden or damaged. */
import { flipStoredBit } from './damage.mjs';
import { setQuota } from './devtools.mjs';
import { CHUNK, fileOf, LARGE, MIDDLE, MODEL_BYTES, modelFiles, sizeOf } from './fault-model.mjs';
import { MINI_BYTES, miniFiles } from './mini-model.mjs';

/** @typedef {import('./fault-bench.mjs').FaultBench} FaultBench */

const MEBIBYTE = 2 ** 20;
const DAMAGED_CHUNKS = 5;
const PLENTY = 1e9;
/** Each has a chunk in memory that cannot be kept. */
const STREAMS = 3;

/** Chromium tells everybody of 10 GiB, so that the first write that fails is what tells. */
const NO_ROOM = {
  code: 'quota-exceeded',
  message:
    /needs [\d.]+ MB.*leaves this site (no room|[\d.]+ MB).*Free disk space.*storage: 'memory'/,
};

/** @type {readonly import('./fault-case.d.mts').FaultCase[]} */
export const storageCases = [
  {
    name: 'quota exhausted from the start',
    what: 'nothing of the model fits; later there is room',
    expected: NO_ROOM,
    mostChunksWasted: STREAMS,
    steps: (bench) => withQuota(bench, MEBIBYTE),
  },
  {
    name: 'quota exhausted in the middle',
    what: 'half of the model fits; later there is room for the rest',
    expected: NO_ROOM,
    mostChunksWasted: STREAMS,
    steps: (bench) => withQuota(bench, MODEL_BYTES / 2),
  },
  {
    name: 'least recently used model makes room',
    what: 'a full disk with three models, the oldest of which is in use',
    mostChunksWasted: STREAMS,
    expected: 'verified',
    steps: evictOne,
  },
  {
    name: 'storage denied',
    what: 'the user blocks all site data',
    deniesStorage: true,
    expected: 'verified',
    steps: async (bench) => {
      const outcome = await bench.download();
      bench.check('it says that it is stored', outcome.ok && !outcome.stored);
      return outcome;
    },
  },
  {
    name: 'bit rot',
    what: 'a bit changes on the disk; `verify` finds it, and only that file is fetched again',
    expected: 'verified',
    steps: async (bench) => {
      await bench.download();
      await rot(bench);
      return bench.download();
    },
  },
  {
    name: 'bit rot, and another file by now, first use',
    what: 'nothing but the digest of the first download tells that the file is another one',
    setting: { files: modelFiles('none') },
    request: { files: [LARGE], integrity: 'first-use' },
    expected: { code: 'integrity', message: /has SHA-256 \w+, expected \w+.*delete the model/ },
    heals: false,
    // Fetched twice, as it might have been the way here.
    mostChunksWasted: DAMAGED_CHUNKS,
    steps: async (bench) => {
      await bench.download();
      await rot(bench);
      bench.scenario.change({ files: { [LARGE]: fileOf(LARGE, 99) }, options: { etag: '"v2"' } });
      return bench.download();
    },
  },
];

/** Set before anything is stored: Chromium remembers for a while how much room there was. @param {FaultBench} bench @param {number} bytes */
async function withQuota(bench, bytes) {
  await setQuota(bench, bytes);
  const outcome = await bench.download();
  await setQuota(bench, PLENTY);
  return outcome;
}

/** @param {FaultBench} bench */
async function rot(bench) {
  await bench.browser.close();
  await flipStoredBit(bench.profile.folder);
  await bench.restart();
  const { damaged } = await bench.tab.call('verify', bench.key);
  for (const name of damaged) bench.needed += sizeOf(name);
  bench.check(`${String(damaged.length)} files are found damaged`, damaged.length === 1);
}

/** @param {FaultBench} bench */
async function evictOne(bench) {
  const quota = MINI_BYTES + sizeOf(MIDDLE) + MODEL_BYTES - CHUNK;
  await setQuota(bench, quota);
  const mini = bench.addHost({ files: miniFiles() });
  const used = await bench.tab.call('encode', { model: bench.url(mini) }, 'a dog on the beach');
  bench.check('the model in use does not work', used.ok);
  // Another file than the model's, so that nothing is shared; in a tab of its own, as a Blob that a
  // page still has keeps its room.
  const old = bench.addHost({ files: { ...modelFiles('none'), [MIDDLE]: fileOf(MIDDLE, 98) } });
  const first = bench.tab;
  const second = await bench.openTab();
  const request = { model: bench.url(old), files: [MIDDLE] };
  const kept = await second.download({ ...request, integrity: 'first-use' });
  bench.check('the older model was not downloaded', kept.ok);
  await second.page.close();
  bench.tab = first;
  const outcome = await bench.download();
  const keys = (await bench.tab.call('list')).map(({ key }) => key);
  bench.check('the unused model stays', !keys.includes(`${bench.url(old)}manifest.json`));
  bench.check('the model in use is gone', keys.includes(`${bench.url(mini)}manifest.json`));
  bench.needed += MINI_BYTES + sizeOf(MIDDLE);
  return outcome;
}
