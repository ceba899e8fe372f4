/** The most memory that a page takes above its idle state while it fills its cache. */
import { setTimeout as wait } from 'node:timers/promises';
import { inLoneBrowser } from './lone-browser.mjs';
import { canMeasureMemory } from './memory.mjs';
import { megabytesAbove, withPeak } from './profile-browser.mjs';
import { restingMemory } from './resting-memory.mjs';

/** Until the browser has done what it does after its start. */
const STARTING_MS = 3000;

/**
 * Megabytes; null where memory cannot be measured. What was cached stays in the profile.
 * @param {{
 *   readonly profile: string, readonly site: string, readonly side: string,
 *   readonly request: import('./pages/delivery-page.ts').DeliveryRequest,
 * }} options
 */
export async function cachingPeakMB({ profile, site, side, request }) {
  const url = (/** @type {string} */ report) => {
    const page = new URL('caching.html', site);
    page.search = String(new URLSearchParams({ side, report, request: JSON.stringify(request) }));
    return page.href;
  };
  return inLoneBrowser({ profile, url }, async ({ root, next }) => {
    /** @type {number | null} */
    let idle = null;
    await next(async () => {
      await wait(STARTING_MS);
      if (canMeasureMemory) idle = await restingMemory(root);
    });
    const { result, peak } = await withPeak(root, () => next(() => Promise.resolve()));
    if (result !== 'done') throw new Error(`${side} could not fill its cache: ${result}`);
    return megabytesAbove(peak, idle);
  });
}
