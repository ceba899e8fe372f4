/** Waits until a browser has nothing left to do, such as what it does behind an import. */
import { setTimeout as wait } from 'node:timers/promises';
import { canMeasureMemory } from './memory.mjs';
import { threadTimes } from './thread-times.mjs';

const INTERVAL_MS = 500;
/** Looks one after the other that have to find it at rest. */
const LOOKS = 3;
/** Of one processor. */
const MOST_BUSY = 0.05;
/** It may never rest. */
const MOST_LOOKS = 2400;

/**
 * Milliseconds until it rests; 0 where that cannot be told.
 * @param {number} root the browser's first process
 */
export async function restingProcessor(root) {
  if (!canMeasureMemory) return 0;
  const start = performance.now();
  let before = await spentMs(root);
  for (let looks = 0, quiet = 0; looks < MOST_LOOKS && quiet < LOOKS; looks++) {
    await wait(INTERVAL_MS);
    const now = await spentMs(root);
    quiet = now - before <= MOST_BUSY * INTERVAL_MS ? quiet + 1 : 0;
    before = now;
  }
  return performance.now() - start - LOOKS * INTERVAL_MS;
}

/** Processor time of all threads so far. @param {number} root */
async function spentMs(root) {
  let sum = 0;
  for (const { ms } of (await threadTimes(root)).values()) sum += ms;
  return sum;
}
