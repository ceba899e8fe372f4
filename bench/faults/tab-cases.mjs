/** Several tabs want the same model at once. */
import { CHUNK, LARGE } from './fault-model.mjs';
import { HELD_MIDWAY, HELD_STREAMS, KEPT_MIDWAY, untilHeld } from './breaks.mjs';

/** @typedef {import('./fault-bench.mjs').FaultBench} FaultBench */
/** @typedef {import('./fault-tab.mjs').FaultTab} FaultTab */

/** Slow enough for the others to come and see it. @type {{ rules: import('../../scripts/fault-types.mjs').FaultRule[] }} */
const SLOW = { rules: [{ kind: 'drip', file: LARGE, times: 3, bytes: 32_768, every: 4 }] };

/** @type {readonly import('./fault-case.d.mts').FaultCase[]} */
export const tabCases = [
  {
    name: 'two tabs at once',
    what: 'one downloads, the other waits and sees its progress',
    setting: SLOW,
    expected: 'verified',
    steps: (bench) => tabsAtOnce(bench, 2),
  },
  {
    name: 'five tabs at once',
    what: 'one downloads, four wait and see its progress',
    setting: SLOW,
    expected: 'verified',
    steps: (bench) => tabsAtOnce(bench, 5),
  },
  {
    name: 'the downloading tab of two is closed',
    what: 'in the middle; the one that waited goes on from there',
    setting: HELD_MIDWAY,
    expected: 'verified',
    mostChunksWasted: HELD_STREAMS,
    steps: async (bench) => {
      const first = bench.tab;
      first.start(bench.request);
      await untilHeld(bench);
      const second = await bench.openTab();
      const ended = second.download(bench.request);
      const [outcome] = await Promise.all([ended, closeWhenSeen(first, second)]);
      return outcome;
    },
  },
];

/** @param {FaultBench} bench @param {number} count */
async function tabsAtOnce(bench, count) {
  const tabs = [bench.tab];
  while (tabs.length < count) tabs.push(await bench.openTab());
  const outcomes = tabs.map((tab) => tab.download(bench.request));
  const sees = { state: /** @type {const} */ ('waiting-for-other-tab'), loaded: CHUNK };
  const all = await Promise.all(outcomes);
  const waited = await Promise.all(
    tabs.map(async (tab) =>
      (await tab.call('progress')).some(
        ({ state, loaded }) => state === sees.state && loaded >= sees.loaded,
      ),
    ),
  );
  const seeing = waited.filter(Boolean).length;
  bench.check(`${String(seeing)} tabs saw the progress of another one`, seeing === count - 1);
  const [first, ...others] = all;
  if (first === undefined) throw new Error('There was no tab.');
  const expected = JSON.stringify(first);
  bench.check(
    'the tabs were handed different files',
    others.every((other) => JSON.stringify(other) === expected),
  );
  return first;
}

/** Nothing arrives at the moment, yet the second tab is told how far the first one is. @param {FaultTab} first @param {FaultTab} second */
async function closeWhenSeen(first, second) {
  await second.reported({ state: 'waiting-for-other-tab', loaded: KEPT_MIDWAY });
  await first.page.close();
}
