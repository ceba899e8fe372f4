/** `npm run bench`: speed, start, download and memory of the SDK in Chromium. */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { callBench, gotoBench, openBrowser } from './browser.mjs';
import { measureColdStart } from './cold-start.mjs';
import { quantile, rounded, spread } from './metrics.mjs';
import { readOptions, runMain } from './options.mjs';
import { indexOnce, makePhotos, pickPhotos, SAMPLES_MOUNT } from './photos.mjs';
import { QUERY_TEXTS } from './query-texts.mjs';
import { measureMemory } from './run-memory.mjs';
import { printRun } from './run-print.mjs';
import { assetsMounts, openSite, PUBLIC } from './site.mjs';

const OPTIONS = /** @type {const} */ ({
  photos: { value: 'N', kind: 'count', default: '96' },
  vectors: { value: 'N', kind: 'count', default: '10000' },
  runs: { value: 'N', kind: 'count', default: '3' },
  model: { value: 'DIR', kind: 'model', default: join(PUBLIC, 'models/mini') },
});

const WARM_UP_PHOTOS = 16;
const ROUNDS_OF_QUERIES = 3;
const SEARCHES = 200;

await runMain(async () => {
  const { values, json } = readOptions('npm run bench --', OPTIONS, process.argv.slice(2));
  const report = await measure({
    photos: Number(values['photos']),
    vectors: Number(values['vectors']),
    runs: Number(values['runs']),
    model: values['model'] ?? '',
  });
  if (json) console.log(JSON.stringify(report));
  else printRun(report);
});

/** @typedef {{ readonly photos: number, readonly vectors: number, readonly runs: number }} Sizes */

/** @param {Sizes & { readonly model: string }} options */
async function measure({ model, ...sizes }) {
  const site = await openSite([SAMPLES_MOUNT, ...assetsMounts('/', model)]);
  try {
    console.error('cold start …');
    const coldStart = await measureColdStart(site, sizes.runs);
    const { page, version, close } = await openBrowser();
    await gotoBench(page, site.url);
    console.error('making photos …');
    const photos = await makePhotos(page, sizes.photos);
    try {
      const speed = await measureSpeed(page, site.url, photos.files, sizes).finally(close);
      console.error('memory …');
      const memory = await measureMemory(site.url, photos.files);
      const { bytesPerPhoto, pixelsPerPhoto } = photos;
      return {
        machine: { cpu: cpus()[0]?.model ?? 'unknown', threads: cpus().length, browser: version },
        ...speed,
        indexing: { photos: sizes.photos, bytesPerPhoto, pixelsPerPhoto, ...speed.indexing },
        coldStart,
        memory,
      };
    } finally {
      await photos.remove();
    }
  } finally {
    await site.close();
  }
}

/**
 * @param {import('./browser.mjs').Page} page @param {string} siteUrl
 * @param {readonly string[]} photos @param {Sizes} sizes
 */
async function measureSpeed(page, siteUrl, photos, { runs, vectors }) {
  // A page that made no photos: their canvases are still being cleared away.
  await gotoBench(page, siteUrl);
  const model = await callBench(page, 'open', { assets: '/' });
  await pickPhotos(page, photos);
  await indexOnce(page, Math.min(WARM_UP_PHOTOS, photos.length));
  const rates = [];
  for (let run = 0; run < runs; run++) {
    console.error(`indexing, run ${String(run + 1)} …`);
    rates.push(await indexOnce(page, photos.length));
  }
  console.error('queries …');
  const addMs = await callBench(page, 'addVectors', { count: vectors });
  const texts = Array.from({ length: ROUNDS_OF_QUERIES }, () => QUERY_TEXTS).flat();
  const times = await callBench(page, 'timeQueries', { texts });
  const searches = await callBench(page, 'timeSearches', { count: SEARCHES });
  const sdk = quantile(searches.sdk, 0.5);
  const plain = quantile(searches.plain, 0.5);
  return {
    model,
    indexing: { photosPerSecond: spread(rates) },
    query: {
      vectors,
      queries: texts.length,
      encodeMs: percentiles(times.encode),
      searchMs: percentiles(times.search),
      togetherMs: percentiles(times.together),
    },
    plainLoop: {
      searches: SEARCHES,
      sdkMs: rounded(sdk),
      plainMs: rounded(plain),
      ratio: rounded(plain / sdk),
      equal: searches.equal,
    },
    addVectorsPerSecond: Math.round((vectors / addMs) * 1000),
  };
}

/** @param {readonly number[]} values */
function percentiles(values) {
  return { p50: rounded(quantile(values, 0.5)), p95: rounded(quantile(values, 0.95)) };
}

/** @typedef {Awaited<ReturnType<typeof measure>>} RunReport */
