/** `npm run bench:indexing`: photos per second of several models, and where the time goes. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { gotoBench } from './browser.mjs';
import { parseDtypes, readImageVariants } from './image-variants.mjs';
import { ownCell, sweepCells } from './indexing-cells.mjs';
import { printIndexing } from './indexing-print.mjs';
import { profileCell } from './indexing-profile.mjs';
import { measureRates } from './indexing-runs.mjs';
import { openIndexingSite } from './indexing-site.mjs';
import { readOptions, runMain, UsageError } from './options.mjs';
import { makePhotos, PIXELS } from './photos.mjs';
import { openTemporaryProfile } from './temporary-profile.mjs';

const OPTIONS = /** @type {const} */ ({
  batches: { value: 'N,N,…', default: '1,4' },
  dtype: { value: 'NAME,NAME,…' },
  pixels: { value: 'N', kind: 'count', default: String(PIXELS) },
  photos: { value: 'N', kind: 'count', default: '64' },
  seconds: { value: 'N', kind: 'count', default: '8' },
  runs: { value: 'N', kind: 'count', default: '2' },
  out: { value: 'FILE' },
});
const COMMAND = 'npm run bench:indexing -- MODEL_DIR…';

await runMain(async () => {
  const { values, json, rest } = readOptions(COMMAND, OPTIONS, process.argv.slice(2));
  const batches = (values['batches'] ?? '').split(',').map(Number);
  if (!batches.every((batch) => Number.isInteger(batch) && batch > 0)) {
    throw new UsageError(`--batches must be whole numbers; got ${String(values['batches'])}.`);
  }
  const report = await measure({
    variants: await readImageVariants(rest, parseDtypes(values['dtype'])),
    batches,
    pixels: Number(values['pixels']),
    photos: Number(values['photos']),
    seconds: Number(values['seconds']),
    runs: Number(values['runs']),
  });
  if (values['out'] !== undefined) await writeFile(values['out'], JSON.stringify(report, null, 2));
  if (json) console.log(JSON.stringify(report));
  else printIndexing(report);
});

/**
 * @param {{
 *   readonly variants: readonly import('./image-variants.mjs').ImageVariant[],
 *   readonly batches: readonly number[], readonly pixels: number, readonly photos: number,
 *   readonly seconds: number, readonly runs: number,
 * }} wanted
 */
async function measure({ variants, batches, pixels, photos: most, seconds, runs }) {
  const cells = sweepCells(variants, batches);
  const own = variants.map(ownCell);
  const site = await openIndexingSite([...cells, ...own]);
  const { page, root, version, close } = await openTemporaryProfile();
  try {
    await gotoBench(page, site.url);
    console.error('making photos …');
    const photos = await makePhotos(page, most, pixels);
    try {
      const bench = { page, siteUrl: site.url, photos: photos.files, seconds };
      const rates = await measureRates(bench, cells, runs);
      const profiles = [];
      for (const cell of own) profiles.push(await profileCell(bench, cell, root));
      return {
        machine: { cpu: cpus()[0]?.model ?? 'unknown', threads: cpus().length, browser: version },
        pixelsPerPhoto: photos.pixelsPerPhoto,
        bytesPerPhoto: photos.bytesPerPhoto,
        /** About as long as each run was to take. */
        seconds,
        rates,
        profiles,
      };
    } finally {
      await photos.remove();
    }
  } finally {
    await close();
    await site.close();
  }
}

/** @typedef {Awaited<ReturnType<typeof measure>>} IndexingReport */
