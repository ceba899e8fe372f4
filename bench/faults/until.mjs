/** Waits for what the server has seen: its log is in this process, and has no events. */
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 10;
const LONGEST_MS = 60_000;

/** @param {string} what for the error @param {() => boolean} holds */
export async function until(what, holds) {
  const start = Date.now();
  while (!holds()) {
    if (Date.now() - start > LONGEST_MS) throw new Error(`Waited for ever until ${what}.`);
    await wait(POLL_MS);
  }
}
