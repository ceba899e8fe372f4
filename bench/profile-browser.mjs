/** Chromium on a profile that outlives it, and its memory. */
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright';
import { browserLaunch } from '../scripts/browser-launch.mjs';
import { canMeasureMemory, watchMemory } from './memory.mjs';
import { quantile } from './metrics.mjs';

const SETTLING_MS = 3000;
const WATCHED_MS = 1000;

/**
 * What is cached stays in the profile; in memory there is only what runs.
 * @param {string} profile @param {readonly string[]} switches besides those of all benches
 */
export async function openProfile(profile, switches = []) {
  const { args, ...launch } = browserLaunch();
  const options = { ...launch, args: [...args, ...switches] };
  const context = await chromium.launchPersistentContext(profile, options);
  const [page = await context.newPage()] = context.pages();
  const browser = context.browser();
  if (browser === null) throw new Error('The profile has no browser.');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const root = processInfo.find(({ type }) => type === 'browser')?.id;
  if (root === undefined) throw new Error('Chromium does not tell its process.');
  return {
    page,
    root,
    version: browser.version(),
    close: () => context.close(),
  };
}

/** Bytes in use when nothing happens; null where it cannot be measured. @param {number} root */
export async function settledMemory(root) {
  if (!canMeasureMemory) return null;
  await wait(SETTLING_MS);
  const watch = watchMemory(root);
  await wait(WATCHED_MS);
  return quantile(await watch.stop(), 0.5);
}

/**
 * The most bytes in use while `work` lasts, and what it gives.
 * @template T @param {number} root @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, peak: number | null }>}
 */
export async function withPeak(root, work) {
  if (!canMeasureMemory) return { result: await work(), peak: null };
  const watch = watchMemory(root);
  // Stopped whatever comes of it: it would watch for ever.
  const result = await work().finally(watch.stop);
  return { result, peak: Math.max(...(await watch.stop())) };
}

/** Megabytes between two amounts. @param {number | null} bytes @param {number | null} base */
export function megabytesAbove(bytes, base) {
  return bytes === null || base === null ? null : Math.round((bytes - base) / 1e6);
}
