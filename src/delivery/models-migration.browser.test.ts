import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseManifest } from '../models/parse-manifest';
import { IndexedDbStorage } from './indexed-db-storage';
import { bytesOf, codeOf, keepFile, modelRecord, someBytes } from './test-workers/model-data';
import { decoded, version1Fixture, writeVersion1, type Version1 } from './test-workers/version-1';

const TINY = 'https://photos.example/models/tiny/manifest.json';
const HALF = 'https://photos.example/models/half/manifest.json';

const old: Version1 = await version1Fixture();
const oldFiles = new Map(
  Object.entries(old.files).map(([sha256, base64]) => [sha256, decoded(base64)]),
);

let name = '';
let storage: IndexedDbStorage;
beforeEach(() => {
  name = `models ${crypto.randomUUID()}`;
  storage = new IndexedDbStorage(name);
});
afterEach(async () => {
  storage.close();
  await deleteDB(name);
});

describe('a database of version 1', () => {
  test('keeps its models: every file complete, every manifest as it was', async () => {
    await writeVersion1(name, old.manifests, oldFiles);
    const before = Date.now();
    const tiny = old.manifests[TINY];
    if (tiny === undefined) throw new Error('The fixture lacks a manifest.');
    const record = await storage.readModel(TINY);
    expect(record).toMatchObject({
      key: TINY,
      id: 'tiny',
      version: '1.0.0',
      integrity: 'verified',
      manifest: { signature: null },
      files: Object.fromEntries(
        Object.entries(tiny.files).map(([file, { sha256 }]) => [file, sha256]),
      ),
    });
    expect(record?.usedAt).toBeGreaterThanOrEqual(before);
    expect(parseManifest(JSON.parse(record?.manifest?.text ?? ''))).toEqual(tiny);
    for (const { size, sha256 } of Object.values(tiny.files)) {
      expect(await storage.find(sha256)).toEqual({
        key: sha256,
        chunkSize: size,
        chunks: 1,
        bytes: size,
        size,
        sha256,
        hashState: null,
        validator: null,
      });
      expect(await bytesOf(await storage.read(sha256))).toEqual(oldFiles.get(sha256));
    }
  });

  test('has of a model only the files that were downloaded', async () => {
    await writeVersion1(name, old.manifests, oldFiles);
    const record = await storage.readModel(HALF);
    expect(Object.keys(record?.files ?? {})).toEqual(['tokenizer.json', 'text.onnx']);
    const listed = await storage.listModels();
    expect(listed.map(({ key, complete }) => [key, complete]).sort()).toEqual([
      [HALF, true],
      [TINY, true],
    ]);
  });

  test('loses what no manifest names, and its old object stores', async () => {
    await writeVersion1(name, old.manifests, oldFiles);
    await storage.listModels();
    storage.close();
    const database = await openDB(name);
    expect(database.version).toBe(2);
    expect([...database.objectStoreNames]).toEqual(['chunks', 'contents', 'digests', 'models']);
    const named = Object.values(old.manifests).flatMap(({ files }) =>
      Object.values(files).map(({ sha256 }) => sha256),
    );
    const expected = Object.keys(old.files).filter((sha256) => named.includes(sha256));
    expect(await database.getAllKeys('contents')).toEqual(expected.sort());
    expect(await database.count('chunks')).toBe(expected.length);
    expect(expected.length).toBe(oldFiles.size - 1);
    database.close();
  });

  test('does not hand on a file of a wrong size', async () => {
    const image = old.manifests[TINY]?.files['image.onnx'];
    const whole = oldFiles.get(image?.sha256 ?? '');
    if (image === undefined || whole === undefined) throw new Error('The fixture lacks a file.');
    const files = new Map(oldFiles).set(image.sha256, whole.slice(1));
    await writeVersion1(name, old.manifests, files);
    const record = await storage.readModel(TINY);
    expect(Object.keys(record?.files ?? {})).toEqual(['tokenizer.json', 'text.onnx']);
    expect(await storage.find(image.sha256)).toBeNull();
  });

  test('does not hand on what is no manifest, nor one without any file', async () => {
    const manifests = {
      'https://a.example/manifest.json': '<!doctype html>',
      'https://b.example/manifest.json': { ...old.manifests[TINY], formatVersion: 99 },
      'https://c.example/manifest.json': null,
      [TINY]: old.manifests[TINY],
    };
    await writeVersion1(name, manifests, new Map());
    expect(await storage.listModels()).toEqual([]);
  });

  test('that cannot be carried over is given up rather than never opened', async () => {
    await writeVersion1(name, old.manifests, oldFiles);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    });
    expect(await storage.listModels()).toEqual([]);
    put.mockRestore();
    await storage.writeModel(modelRecord('m', { text: 'a' }));
    await keepFile(storage, 'a', someBytes(10));
    expect(await bytesOf(await storage.read('a'))).toEqual(someBytes(10));
  });

  test('is migrated once, by two tabs that open it at the same time', async () => {
    await writeVersion1(name, old.manifests, oldFiles);
    const other = new IndexedDbStorage(name);
    const [left, right] = await Promise.all([storage.listModels(), other.listModels()]);
    expect(left).toEqual(right);
    expect(left).toHaveLength(2);
    other.close();
  });
});

test('a database of a newer version is "storage-version", and left as it is', async () => {
  const newer = await openDB(name, 99, {
    upgrade(database) {
      database.createObjectStore('of-the-future');
    },
  });
  newer.close();
  expect(await codeOf(storage.listModels())).toBe('storage-version');
  expect(await codeOf(storage.begin({ key: 'a', chunkSize: 1, size: 1 }))).toBe('storage-version');
  const again = await openDB(name);
  expect(again.version).toBe(99);
  expect([...again.objectStoreNames]).toEqual(['of-the-future']);
  again.close();
});
