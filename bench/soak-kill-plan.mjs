/** When the browser is killed, round after round. */
import fc from 'fast-check';

/**
 * - `opening`: so long after the collection began to be opened and read;
 * - `time`: so long after the writes began, whatever happens then;
 * - `write`: so long after a write was asked for, which is about when it is committed;
 * - `acknowledged`: as soon as a write is known to be acknowledged.
 *
 * @typedef {{ readonly moment: 'opening' | 'time', readonly afterMs: number }
 *   | {
 *     readonly moment: 'write' | 'acknowledged', readonly afterMs: number, readonly write: number,
 *   }} KillPlan `write` counts from 1
 */

const OPENING_MS = 600;
const TIME_MS = 2500;
const COMMIT_MS = 25;
const WRITES = 60;

/** Each moment of a range as likely as any other. @param {number} from @param {number} to */
const within = (from, to) => fc.noBias(fc.integer({ min: from, max: to }));

/** @template {string} Moment @param {Moment} moment @param {number} most */
const at = (moment, most) => ({ moment: fc.constant(moment), afterMs: within(0, most) });

/** @type {fc.Arbitrary<KillPlan>} */
const plan = fc.oneof(
  { weight: 1, arbitrary: fc.record(at('opening', OPENING_MS)) },
  { weight: 3, arbitrary: fc.record(at('time', TIME_MS)) },
  { weight: 3, arbitrary: fc.record({ ...at('write', COMMIT_MS), write: within(1, WRITES) }) },
  { weight: 3, arbitrary: fc.record({ ...at('acknowledged', 0), write: within(1, WRITES) }) },
);

/** @param {number} rounds @param {number} seed @returns {readonly KillPlan[]} */
export function planKills(rounds, seed) {
  return fc.sample(plan, { seed, numRuns: rounds });
}
