import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IndexedDbStorage } from './indexed-db-storage';
import { makeRoom } from './make-room';
import { isModelInUse, withUnusedModel } from './model-in-use';
import { forgetDatabases, setQuota } from './test-workers/devtools';
import { bytesOf, chunkOf, codeOf, modelRecord, someBytes } from './test-workers/model-data';
import { version1Fixture, writeVersion1 } from './test-workers/version-1';

const CHUNK = 1_000_000;
const QUOTA = 6_000_000;

let name = '';
let storage: IndexedDbStorage;
beforeEach(async () => {
  name = `models ${crypto.randomUUID()}`;
  storage = new IndexedDbStorage(name);
  await setQuota(QUOTA);
  await forgetDatabases();
});
afterEach(async () => {
  await setQuota(null);
  storage.close();
  await deleteDB(name);
});

/** Appends chunks until the disk is full; resolves to the number of those that were kept. */
async function fill(key: string): Promise<number> {
  for (let index = 0; ; index++) {
    const code = await codeOf(storage.append(key, chunkOf(index, someBytes(CHUNK, index))));
    if (code !== 'resolved') {
      expect(code).toBe('quota-exceeded');
      return index;
    }
    expect(index).toBeLessThan(10);
  }
}

test('a full disk keeps every chunk before the last, and nothing of that', async () => {
  await storage.writeModel(modelRecord('m', { text: 'a' }));
  await storage.begin({ key: 'a', chunkSize: CHUNK, size: 10 * CHUNK });
  const kept = await fill('a');
  expect(kept).toBeGreaterThan(1);
  const file = await storage.find('a');
  expect(file).toMatchObject({ chunks: kept, bytes: kept * CHUNK });
  // The same from the disk.
  storage.close();
  expect(await storage.find('a')).toEqual(file);
  const whole = new Uint8Array(kept * CHUNK);
  for (let index = 0; index < kept; index++) whole.set(someBytes(CHUNK, index), index * CHUNK);
  expect((await bytesOf(await storage.read('a')))?.every((byte, at) => byte === whole[at])).toBe(
    true,
  );
  // As if the user had made room: it goes on where it stopped.
  await setQuota(null);
  const next = await storage.append('a', chunkOf(kept, someBytes(CHUNK, kept)));
  expect(next.chunks).toBe(kept + 1);
});

test('the error says what to do, and keeps the browser’s as its cause', async () => {
  await storage.begin({ key: 'a', chunkSize: 10 * CHUNK, size: null });
  const failure: unknown = await storage
    .append('a', chunkOf(0, someBytes(10 * CHUNK)))
    .catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({
    code: 'quota-exceeded',
    name: 'QuotaExceededError',
    cause: { name: 'QuotaExceededError' },
  });
  expect(String(failure)).toContain("storage: 'memory'");
});

test.each([
  ['with room for a second copy keeps the models', 3 * QUOTA, 4 * CHUNK],
  // As Chromium copies a Blob that moves to another object store.
  ['without that room loses them, and opens', QUOTA, 0],
])('a migration %s', async (_, quota, kept) => {
  await setQuota(quota);
  await forgetDatabases();
  const [url, manifest] = Object.entries((await version1Fixture()).manifests)[0] ?? [];
  const [file, facts] = Object.entries(manifest?.files ?? {})[0] ?? [];
  if (url === undefined || facts === undefined) throw new Error('The fixture is empty.');
  const large = { ...facts, size: 4 * CHUNK };
  const manifests = { [url]: { ...manifest, files: { ...manifest?.files, [file ?? '']: large } } };
  await writeVersion1(name, manifests, new Map([[facts.sha256, someBytes(large.size)]]));
  const listed = await storage.listModels();
  expect(listed.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(kept);
  await storage.begin({ key: 'a', chunkSize: CHUNK, size: CHUNK });
  await storage.append('a', chunkOf(0, someBytes(CHUNK)));
  expect((await storage.read('a'))?.size).toBe(CHUNK);
});

describe('on a full disk', () => {
  let kept = 0;
  beforeEach(async () => {
    await storage.writeModel(modelRecord('old', { text: 'a' }));
    await storage.writeModel(modelRecord('new', { text: 'b' }));
    await storage.begin({ key: 'a', chunkSize: CHUNK, size: null });
    await storage.begin({ key: 'b', chunkSize: CHUNK, size: null });
    kept = await fill('a');
    expect(await codeOf(storage.append('b', chunkOf(0, someBytes(CHUNK))))).toBe('quota-exceeded');
  });

  test('evicting a model makes room at once', async () => {
    const evicted = await makeRoom({
      storage,
      needed: 2 * CHUNK,
      keep: ['new'],
      // What the failed write has shown, whatever the browser estimates.
      estimate: () => Promise.resolve({ usage: 0, quota: 0 }),
      isInUse: isModelInUse,
      withUnused: withUnusedModel,
      signal: new AbortController().signal,
    });
    expect(evicted.map(({ key }) => key)).toEqual(['old']);
    expect(await storage.find('a')).toBeNull();
    for (let index = 0; index < 2; index++) {
      await storage.append('b', chunkOf(index, someBytes(CHUNK, index)));
    }
    expect((await storage.read('b'))?.size).toBe(2 * CHUNK);
  });

  test('a model is read, and noted as used as far as that goes', async () => {
    await storage.touchModel('old', 77);
    expect((await storage.read('a'))?.size).toBe(kept * CHUNK);
    expect(await storage.listModels()).toHaveLength(2);
  });

  test('files can be dropped', async () => {
    await storage.drop('a');
    await storage.append('b', chunkOf(0, someBytes(CHUNK)));
    expect((await storage.find('b'))?.chunks).toBe(1);
  });
});
