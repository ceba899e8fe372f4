import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IndexedDbStorage } from './indexed-db-storage';
import { MemoryStorage } from './memory-storage';
import {
  bytesOf,
  chunkOf,
  codeOf,
  keepFile,
  modelRecord,
  someBytes,
} from './test-workers/model-data';
import { testStorage } from './test-workers/storage-suite';

let name = '';
beforeEach(() => {
  name = `models ${crypto.randomUUID()}`;
});

describe('in IndexedDB', () => {
  testStorage(
    () => new IndexedDbStorage(name),
    async (storage) => {
      storage.close();
      await deleteDB(name);
    },
  );
});

describe('in memory', () => {
  testStorage(
    () => new MemoryStorage(),
    () => Promise.resolve(),
  );
});

describe('two tabs on one database', () => {
  let left: IndexedDbStorage;
  let right: IndexedDbStorage;
  beforeEach(() => {
    left = new IndexedDbStorage(name);
    right = new IndexedDbStorage(name);
  });
  afterEach(async () => {
    left.close();
    right.close();
    await deleteDB(name);
  });

  test('that append the same chunk keep one of them, and both learn which', async () => {
    await left.begin({ key: 'a', chunkSize: 10, size: null });
    for (let index = 0; index < 20; index++) {
      const [one, other] = await Promise.all([
        left.append('a', { ...chunkOf(index, someBytes(10, 1)), hashState: Uint8Array.of(1) }),
        right.append('a', { ...chunkOf(index, someBytes(10, 2)), hashState: Uint8Array.of(2) }),
      ]);
      expect(one).toEqual(other);
      expect(one.chunks).toBe(index + 1);
      const kept = await (await left.read('a'))?.slice(index * 10).arrayBuffer();
      expect(new Uint8Array(kept ?? new ArrayBuffer(0))).toEqual(
        someBytes(10, one.hashState?.[0] ?? 0),
      );
    }
    expect((await right.read('a'))?.size).toBe(200);
  });

  test('see each other’s changes', async () => {
    await left.writeModel(modelRecord('m', { text: 'a' }));
    await keepFile(right, 'a', someBytes(30), 10);
    expect((await left.listModels())[0]).toMatchObject({ bytes: 30, complete: true });
    await right.deleteModel('m');
    expect(await left.find('a')).toBeNull();
    expect(await codeOf(left.append('a', chunkOf(3, someBytes(1))))).toBe('storage');
  });

  test('do not finish a file that the other began anew', async () => {
    await left.begin({ key: 'a', chunkSize: 10, size: 10 });
    await left.append('a', chunkOf(0, someBytes(10)));
    await right.begin({ key: 'a', chunkSize: 10, size: 10 });
    expect(await codeOf(left.finish('a', 'digest'))).toBe('storage');
    expect((await right.find('a'))?.sha256).toBeNull();
  });
});

describe('a connection', () => {
  afterEach(() => deleteDB(name));

  test('makes way for a newer release, whose data is "storage-version"', async () => {
    const storage = new IndexedDbStorage(name);
    await keepFile(storage, 'a', someBytes(30), 10);
    // Would wait for ever if the storage kept its connection.
    const newer = await openDB(name, 99);
    expect(await codeOf(storage.find('a'))).toBe('storage-version');
    expect(await codeOf(storage.append('a', chunkOf(3, someBytes(1))))).toBe('storage-version');
    newer.close();
    await deleteDB(name);
    // The failure is not remembered.
    expect(await storage.find('a')).toBeNull();
    await keepFile(storage, 'a', someBytes(30), 10);
    expect(await bytesOf(await storage.read('a'))).toEqual(someBytes(30));
    storage.close();
  });

  test('that is closed under a call is opened again for it', async () => {
    const storage = new IndexedDbStorage(name);
    await storage.begin({ key: 'a', chunkSize: 10, size: null });
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
    transaction.mockImplementationOnce(function (this: IDBDatabase, ...args) {
      // What the browser does when the versionchange event comes between two microtasks.
      this.close();
      storage.close();
      return this.transaction(...args);
    });
    expect((await storage.append('a', chunkOf(0, someBytes(5)))).bytes).toBe(5);
    transaction.mockRestore();
    storage.close();
  });

  test.each([
    ['SecurityError', 'storage'],
    ['InvalidStateError', 'storage'],
    ['AbortError', 'storage'],
    ['UnknownError', 'storage'],
    ['QuotaExceededError', 'quota-exceeded'],
    ['VersionError', 'storage-version'],
  ])('that fails with %s is "%s", and tried again by the next call', async (error, code) => {
    const storage = new IndexedDbStorage(name);
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('No.', error);
    });
    const failure: unknown = await storage.listModels().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code, cause: { name: error } });
    open.mockRestore();
    expect(await storage.listModels()).toEqual([]);
    storage.close();
  });
});
