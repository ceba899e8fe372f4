/**
 * Times of a collection, through the store's worker; runs in the page of `encryption.mjs`.
 *
 * @typedef {{ readonly rows: number, readonly dimension: number, readonly isEncrypted: boolean }} Task
 * @typedef {{
 *   readonly add: number, readonly open: number, readonly p50: number,
 *   readonly p95: number, readonly thumbnail: number, readonly verify: number,
 *   readonly passphrase: number,
 * }} Report milliseconds
 * @typedef {import('../src/client/worker-link.ts').WorkerLink<import('../src/protocol/store-contract.ts').StoreContract>} Link
 * @typedef {{
 *   readonly newLink: () => Link,
 *   readonly noiseVectors: typeof import('./spectrum-vectors.ts').noiseVectors,
 * }} Modules
 */

const MODEL = 'bench@1';
const COLLECTION = 'bench';
const BATCH = 1000;
const QUERIES = 100;
const THUMBNAILS = 50;
const THUMBNAIL_BYTES = 20_000;

/** @param {Modules} modules @param {Task} task @returns {Promise<Report>} */
export async function measureStore({ newLink, noiseVectors }, { rows, dimension, isEncrypted }) {
  const algorithm = { name: 'AES-GCM', length: 256 };
  const key = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
  const encryption = isEncrypted ? { key } : null;
  const identity = { name: COLLECTION, model: MODEL, dimension, encryption };
  const named = { collection: COLLECTION, model: MODEL };
  const writer = newLink();
  await writer.call('open', identity);
  const adds = [];
  for (let first = 0; first < rows; first += BATCH) {
    const count = Math.min(BATCH, rows - first);
    const vectors = noiseVectors(dimension, first + 1, count);
    const items = Array.from({ length: count }, (_, index) => item(first + index));
    adds.push(await timed(() => writer.call('put', { ...named, items, vectors })));
  }
  await untilQuiet(writer);
  writer.dispose();

  const reader = newLink();
  const queries = noiseVectors(dimension, rows + 7, QUERIES);
  const search = (/** @type {number} */ index) => {
    const vector = queries.slice(index * dimension, (index + 1) * dimension);
    return reader.call('search', { ...named, vector, limit: 20, where: null });
  };
  const open = await timed(async () => {
    await reader.call('open', identity);
    await search(0);
  });
  const searches = [];
  for (let index = 1; index < QUERIES; index++) searches.push(await timed(() => search(index)));
  const thumbnails = [];
  for (let index = 0; index < THUMBNAILS; index++) {
    thumbnails.push(
      await timed(async () => {
        const picture = await reader.call('thumbnail', { ...named, id: idOf(index) });
        await picture?.arrayBuffer();
      }),
    );
  }
  const verify = await timed(() => reader.call('verify', { ...named, repair: false }));
  const passphrase = isEncrypted
    ? await timed(() =>
        reader.call('changeKey', { ...named, from: { key }, to: { passphrase: 'x' } }),
      )
    : 0;
  reader.dispose();
  return {
    add: quantile(adds, 0.5),
    open,
    p50: quantile(searches, 0.5),
    p95: quantile(searches, 0.95),
    thumbnail: quantile(thumbnails, 0.5),
    verify,
    passphrase,
  };
}

/** Until no rows move to files any more. @param {Link} link */
async function untilQuiet(link) {
  const locks = async () => (await navigator.locks.query()).held ?? [];
  const isPacking = async () => (await locks()).some(({ name }) => name?.includes('upkeep'));
  for (let quiet = 0; quiet < 5; quiet = (await isPacking()) ? 0 : quiet + 1) {
    await link.call('count', { collection: COLLECTION });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @param {number} index */
function item(index) {
  const hasThumbnail = index < THUMBNAILS;
  return {
    id: idOf(index),
    meta: { name: `IMG_${String(index)}.jpg`, type: 'image/jpeg', size: 1_000_000 + index },
    fields: {},
    thumbnail: hasThumbnail ? new Blob([new Uint8Array(THUMBNAIL_BYTES)]) : null,
    original: null,
  };
}

/** As long as a SHA-256. @param {number} index */
function idOf(index) {
  return index.toString(16).padStart(64, '0');
}

/** @param {() => Promise<unknown>} work milliseconds that it takes */
async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** @param {readonly number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
