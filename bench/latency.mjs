/** `npm run bench:latency`: how long a query takes at rest, and while photos are indexed. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { gotoBench } from './browser.mjs';
import { parseDtypes, readImageVariants } from './image-variants.mjs';
import { ownCell } from './indexing-cells.mjs';
import { openIndexingSite } from './indexing-site.mjs';
import { latencyFigures } from './latency-figures.mjs';
import { printLatency } from './latency-print.mjs';
import { EVERY_MS, measureLatency, QUERIES, QUERY_TOKENS, VECTORS } from './latency-runs.mjs';
import { readOptions, runMain } from './options.mjs';
import { makePhotos, PIXELS } from './photos.mjs';
import { openTemporaryProfile } from './temporary-profile.mjs';

const OPTIONS = /** @type {const} */ ({
  dtype: { value: 'NAME,NAME,…' },
  pixels: { value: 'N', kind: 'count', default: String(PIXELS) },
  runs: { value: 'N', kind: 'count', default: '3' },
  out: { value: 'FILE' },
});
const COMMAND = 'npm run bench:latency -- MODEL_DIR…';
/** Different ones; they come again under other names. */
const PHOTOS = 24;

await runMain(async () => {
  const { values, json, rest } = readOptions(COMMAND, OPTIONS, process.argv.slice(2));
  const variants = await readImageVariants(rest, parseDtypes(values['dtype']));
  const report = await measure(variants, Number(values['pixels']), Number(values['runs']));
  if (values['out'] !== undefined) await writeFile(values['out'], JSON.stringify(report, null, 2));
  if (json) console.log(JSON.stringify(report));
  else printLatency(report);
});

/**
 * @param {readonly import('./image-variants.mjs').ImageVariant[]} variants
 * @param {number} pixels of each photo @param {number} runs
 */
async function measure(variants, pixels, runs) {
  const cells = variants.map(ownCell);
  const site = await openIndexingSite(cells);
  const { page, version, close } = await openTemporaryProfile();
  try {
    await gotoBench(page, site.url);
    console.error('making photos …');
    const photos = await makePhotos(page, PHOTOS, pixels);
    try {
      const bench = { page, siteUrl: site.url, photos: photos.files };
      const measured = await measureLatency(bench, cells, runs);
      return {
        machine: { cpu: cpus()[0]?.model ?? 'unknown', threads: cpus().length, browser: version },
        pixelsPerPhoto: photos.pixelsPerPhoto,
        query: { tokens: QUERY_TOKENS, queries: QUERIES, everyMs: EVERY_MS, vectors: VECTORS },
        rows: measured.map(({ model, opened, runs: times }) => ({
          model,
          dtype: opened.imageDtype,
          threads: opened.threads,
          ...latencyFigures(times),
        })),
      };
    } finally {
      await photos.remove();
    }
  } finally {
    await close();
    await site.close();
  }
}

/** @typedef {Awaited<ReturnType<typeof measure>>} LatencyReport */
