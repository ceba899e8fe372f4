/**
 * What the storage relies on and no specification promises in so many words: a Blob that was read
 * from IndexedDB is a handle on a file of the browser, and the browser keeps the file for as long
 * as somebody has the handle. So a page goes on with a model that another tab replaces or deletes.
 * The file counts as used room until the handle is garbage-collected (Chromium 156, in a profile
 * on the disk; in a window that keeps nothing, as here, it ceases to count at once).
 */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IndexedDbStorage } from './indexed-db-storage';
import { bytesOf, keepFile, modelRecord, someBytes } from './test-workers/model-data';

const SIZE = 3_000_000;

let name = '';
let storage: IndexedDbStorage;
let blob: Blob;
beforeEach(async () => {
  name = `models ${crypto.randomUUID()}`;
  storage = new IndexedDbStorage(name);
  await storage.writeModel(modelRecord('m', { text: 'a' }));
  await keepFile(storage, 'a', someBytes(SIZE), 1_000_000);
  // From the disk, not what was just written.
  storage.close();
  blob = (await storage.read('a')) ?? new Blob();
});
afterEach(async () => {
  storage.close();
  await deleteDB(name);
});

/** A failed comparison of millions of numbers takes minutes to print. */
async function isWhole(): Promise<boolean> {
  const bytes = await bytesOf(blob);
  return bytes?.length === SIZE && someBytes(SIZE).every((byte, at) => byte === bytes[at]);
}

test.each<[string, () => Promise<unknown>]>([
  ['the database was closed', closed],
  ['the file was dropped', () => storage.drop('a')],
  ['the file was begun again', () => storage.begin({ key: 'a', chunkSize: 10, size: null })],
  ['its model was deleted by another tab', deletedElsewhere],
  ['its model came in a new version', () => storage.writeModel(modelRecord('m', { text: 'b' }))],
  ['the database was deleted', databaseDeleted],
])('a Blob can be read after %s', async (_, happen) => {
  await happen();
  expect(await isWhole()).toBe(true);
  expect((await bytesOf(blob.slice(999_999, 1_000_001)))?.length).toBe(2);
});

test('a Blob can be read after the worker that read it was terminated and the model deleted', async () => {
  const source = `
    const opening = indexedDB.open(${JSON.stringify(name)});
    opening.onsuccess = () => {
      const chunks = opening.result.transaction('chunks').objectStore('chunks').getAll();
      chunks.onsuccess = () => postMessage(new Blob(chunks.result));
    };`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  blob = await new Promise<Blob>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Blob>) => {
      resolve(data);
    };
  });
  worker.terminate();
  await deletedElsewhere();
  expect(await isWhole()).toBe(true);
});

function closed(): Promise<void> {
  storage.close();
  return Promise.resolve();
}

async function deletedElsewhere(): Promise<void> {
  const other = new IndexedDbStorage(name);
  expect(await other.deleteModel('m')).toBe(true);
  other.close();
}

async function databaseDeleted(): Promise<void> {
  storage.close();
  await deleteDB(name);
}
