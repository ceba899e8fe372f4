/** Memory of a browser once it has come to rest: what ended workers used goes back bit by bit. */
import { setTimeout as wait } from 'node:timers/promises';
import { treePss } from './memory.mjs';
import { quantile } from './metrics.mjs';

const INTERVAL_MS = 100;
/** Samples that have to agree. */
const WINDOW = 10;
/** Share by which they may differ. */
const UNREST = 0.005;
/** It may never rest; then the last samples count. */
const MOST_SAMPLES = 100;

/** Median of the samples at rest, bytes. @param {number} root process */
export async function restingMemory(root) {
  /** @type {number[]} */
  let samples = [];
  for (let taken = 0; taken < MOST_SAMPLES; taken++) {
    const next = wait(INTERVAL_MS);
    samples = [...samples, await treePss(root)].slice(-WINDOW);
    const unrest = Math.max(...samples) / Math.min(...samples) - 1;
    if (samples.length === WINDOW && unrest <= UNREST) break;
    await next;
  }
  return quantile(samples, 0.5);
}
