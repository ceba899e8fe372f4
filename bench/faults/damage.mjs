/** Bit rot: one bit of what the browser keeps changes on the disk, behind its back. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Chromium keeps the Blobs that IndexedDB refers to. */
const FOLDER = 'Default/IndexedDB';

/** Flips a bit in the largest stored Blob. @param {string} profile whose browser is closed */
export async function flipStoredBit(profile) {
  const root = join(profile, FOLDER);
  const names = await readdir(root, { recursive: true });
  const blobs = names.filter((name) => /\.blob[/\\]/.test(name));
  const files = await Promise.all(
    blobs.map(async (name) => ({ path: join(root, name), stats: await stat(join(root, name)) })),
  );
  const [largest] = files
    .filter(({ stats }) => stats.isFile())
    .toSorted((a, b) => b.stats.size - a.stats.size);
  if (largest === undefined) throw new Error('The browser has stored no Blob.');
  const file = await open(largest.path, 'r+');
  try {
    const byte = new Uint8Array(1);
    await file.read(byte, 0, 1, 1000);
    byte[0] = Number(byte[0]) ^ 1;
    await file.write(byte, 0, 1, 1000);
  } finally {
    await file.close();
  }
}
