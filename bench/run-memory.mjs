/** How much memory indexing takes, above that of the same browser on an empty page. */
import { setTimeout as wait } from 'node:timers/promises';
import { callBench, gotoBench, openBrowser } from './browser.mjs';
import { canMeasureMemory, watchMemory } from './memory.mjs';
import { quantile } from './metrics.mjs';
import { indexOnce, pickPhotos } from './photos.mjs';

/** What is freed is given back some seconds later. */
const SETTLING_MS = 5000;
const WATCHED_MS = 2000;

/**
 * Megabytes: with the model loaded, the highest while indexing, and some seconds after. Null
 * where it cannot be measured.
 * @param {string} siteUrl @param {readonly string[]} photos
 */
export async function measureMemory(siteUrl, photos) {
  if (!canMeasureMemory) return null;
  const { page, processId, close } = await openBrowser();
  try {
    const root = await processId();
    await page.goto(new URL('empty.html', siteUrl).href);
    const empty = await settled(root);
    await gotoBench(page, siteUrl);
    await pickPhotos(page, photos);
    await callBench(page, 'open', '/');
    const loaded = await settled(root);
    const watch = watchMemory(root);
    await indexOnce(page, photos.length);
    const peak = Math.max(...(await watch.stop()));
    const after = await settled(root);
    const above = (/** @type {number} */ bytes) => Math.round((bytes - empty) / 1e6);
    return {
      emptyPageMB: Math.round(empty / 1e6),
      loadedMB: above(loaded),
      peakMB: above(peak),
      settledMB: above(after),
    };
  } finally {
    await close();
  }
}

/** Bytes in use when nothing happens. @param {number} root */
async function settled(root) {
  await wait(SETTLING_MS);
  const watch = watchMemory(root);
  await wait(WATCHED_MS);
  return quantile(await watch.stop(), 0.5);
}
