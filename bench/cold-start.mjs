/** From opening the page to the first search result, in a browser that was started for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { browserLaunch } from '../scripts/browser-launch.mjs';
import { spread } from './metrics.mjs';

const LONGEST_MS = 180_000;

/** @typedef {{ readonly ms: number, readonly bytes: number }} Start */

/**
 * With nothing stored, and then with what that first visit left in the profile.
 * @param {{ readonly url: string, readonly sent: () => number }} site @param {number} runs
 */
export async function measureColdStart(site, runs) {
  /** @type {{ empty: Start[], cached: Start[] }} */
  const starts = { empty: [], cached: [] };
  for (let run = 0; run < runs; run++) {
    const profile = await mkdtemp(join(tmpdir(), 'photoglot-profile-'));
    try {
      starts.empty.push(await startOnce(site, profile));
      starts.cached.push(await startOnce(site, profile));
    } finally {
      // The browser may still be writing while it ends.
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  return { empty: summary(starts.empty), cached: summary(starts.cached) };
}

/** @param {{ readonly url: string, readonly sent: () => number }} site @param {string} profile */
async function startOnce(site, profile) {
  const context = await chromium.launchPersistentContext(profile, browserLaunch());
  try {
    const [page = await context.newPage()] = context.pages();
    const before = site.sent();
    await page.goto(new URL('cold.html', site.url).href);
    await page.waitForFunction(() => window.coldStart !== undefined, null, { timeout: LONGEST_MS });
    const result = await page.evaluate(() => window.coldStart);
    if (result === undefined || result.error !== null) {
      throw new Error(`The cold start failed: ${result?.error ?? 'the page is gone'}`);
    }
    return { ms: result.ms, bytes: site.sent() - before };
  } finally {
    await context.close();
  }
}

/** @param {readonly Start[]} starts */
function summary(starts) {
  const seconds = starts.map(({ ms }) => ms / 1000);
  return { seconds: spread(seconds), bytes: Math.max(...starts.map(({ bytes }) => bytes)) };
}
