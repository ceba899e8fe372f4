/** Downloads that are held in the middle, so that something can happen to them there. */
import { CHUNK, LARGE, MIDDLE, SMALL, FILES } from './fault-model.mjs';
import { until } from './until.mjs';

/** @typedef {import('./fault-bench.mjs').FaultBench} FaultBench */

const HELD = 3 * 2 ** 20;

/** Two of the three streams are held, each in the middle of a chunk. @type {{ rules: import('../../scripts/fault-types.mjs').FaultRule[] }} */
export const HELD_MIDWAY = {
  rules: [
    { kind: 'stall', file: LARGE, at: 2 * CHUNK, after: HELD },
    { kind: 'stall', file: MIDDLE, at: CHUNK, after: HELD },
  ],
};

/** One chunk of each of the streams that were held. */
export const HELD_STREAMS = 2;

/** Complete chunks, and the small file. */
export const KEPT_MIDWAY = 3 * CHUNK + (FILES[SMALL] ?? 0);

/** Resolves when both are held, and the page has got what was sent. @param {FaultBench} bench */
export async function untilHeld(bench) {
  await until('two answers stall', () => {
    const held = bench.scenario.log.filter(
      ({ fault, bytes }) => fault === 'stall' && bytes === HELD,
    );
    return held.length === 2;
  });
  // Pieces on the way apart: the first MiB of each is there.
  const loaded = KEPT_MIDWAY + 2 * 2 ** 20;
  await bench.tab.reported({ state: 'downloading', loaded });
  await checkPartial(bench);
}

/** Nothing that is kept calls itself complete. @param {FaultBench} bench */
export async function checkPartial(bench) {
  const listed = await bench.tab.call('list');
  bench.check('a part is listed as complete', !listed.some(({ complete }) => complete));
  const bytes = listed.reduce((sum, model) => sum + model.bytes, 0);
  bench.check(`${String(bytes)} bytes are kept`, bytes === KEPT_MIDWAY);
}

/** Starts a download that is not going to end in this tab. @param {FaultBench} bench */
export async function startAndHold(bench) {
  bench.tab.start(bench.request);
  await untilHeld(bench);
}
