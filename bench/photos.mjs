/** Photos on disk, of about a megapixel by default, made of the demo's samples. */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callBench } from './browser.mjs';
import { PUBLIC } from './site.mjs';

export const PIXELS = 1_000_000;

/** Where {@link makePhotos} finds its pictures. */
export const SAMPLES_MOUNT = { prefix: '/samples/', folder: join(PUBLIC, 'samples') };

/**
 * @param {import('./browser.mjs').Page} page @param {number} count
 * @param {number} [pixels] of each, about
 */
export async function makePhotos(page, count, pixels = PIXELS) {
  const samples = (await readdir(SAMPLES_MOUNT.folder))
    .filter((name) => name.endsWith('.jpg'))
    .sort();
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-bench-'));
  const files = [];
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    // Spread over the samples, which are sorted by what they show.
    const name = samples[Math.floor((index * samples.length) / count) % samples.length];
    const url = `/samples/${encodeURIComponent(name ?? '')}`;
    const jpeg = await callBench(page, 'makePhoto', { url, pixels, seed: index });
    const file = join(folder, `photo-${String(index).padStart(3, '0')}.jpg`);
    await writeFile(file, Buffer.from(jpeg, 'base64'));
    files.push(file);
    bytes += (await stat(file)).size;
  }
  return {
    files,
    /** Mean. */
    bytesPerPhoto: Math.round(bytes / count),
    pixelsPerPhoto: pixels,
    remove: () => rm(folder, { recursive: true }),
  };
}

/** As a person picks them: the page reads them from the disk. @param {import('./browser.mjs').Page} page @param {readonly string[]} files */
export async function pickPhotos(page, files) {
  await page.setInputFiles('input', [...files]);
}

/**
 * Photos per second, from `add` to its result.
 * @param {import('./browser.mjs').Page} page @param {number} count
 */
export async function indexOnce(page, count) {
  const { added, failed, ms } = await callBench(page, 'indexPhotos', { count });
  if (failed[0] !== undefined) throw new Error(`Indexing failed: ${failed[0]}`);
  if (added !== count) throw new Error(`${String(added)} of ${String(count)} photos were added.`);
  return (count / ms) * 1000;
}
