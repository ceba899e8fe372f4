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
 * Megabytes: the highest while the model loads and while photos are indexed, and what is in use
 * some seconds after each. Null where it cannot be measured.
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
    const loadingPeak = await peakDuring(root, () => callBench(page, 'open', { assets: '/' }));
    const loaded = await settled(root);
    const indexingPeak = await peakDuring(root, () => indexOnce(page, photos.length));
    const after = await settled(root);
    const above = (/** @type {number} */ bytes) => Math.round((bytes - empty) / 1e6);
    return {
      emptyPageMB: Math.round(empty / 1e6),
      loadingPeakMB: above(loadingPeak),
      loadedMB: above(loaded),
      indexingPeakMB: above(indexingPeak),
      settledMB: above(after),
    };
  } finally {
    await close();
  }
}

/** The most bytes in use while `work` lasts. @param {number} root @param {() => Promise<unknown>} work */
async function peakDuring(root, work) {
  const watch = watchMemory(root);
  // Stopped whatever comes of it: it would watch for ever.
  await work().finally(watch.stop);
  return Math.max(...(await watch.stop()));
}

/** Bytes in use when nothing happens. @param {number} root */
async function settled(root) {
  await wait(SETTLING_MS);
  const watch = watchMemory(root);
  await wait(WATCHED_MS);
  return quantile(await watch.stop(), 0.5);
}
