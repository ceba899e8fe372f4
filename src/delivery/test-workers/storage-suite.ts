/** What every storage of models does, whatever keeps the bytes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelStorage } from '../model-storage';
import { bytesOf, chunkOf, codeOf, keepFile, modelRecord, someBytes } from './model-data';

/** @param makeStorage an empty one, for each test */
export function testStorage(
  makeStorage: () => ModelStorage,
  clear: (storage: ModelStorage) => Promise<void>,
): void {
  let storage: ModelStorage;
  beforeEach(() => {
    storage = makeStorage();
  });
  afterEach(() => clear(storage));

  describe('a file', () => {
    test('is not there before it is begun', async () => {
      expect(await storage.find('a')).toBeNull();
      expect(await storage.read('a')).toBeNull();
      expect(await codeOf(storage.append('a', chunkOf(0, someBytes(1))))).toBe('storage');
      expect(await codeOf(storage.finish('a', 'digest'))).toBe('storage');
      expect(await storage.find('a')).toBeNull();
      await storage.drop('a');
    });

    test('grows chunk by chunk, and can be read at any time', async () => {
      const begun = await storage.begin({ key: 'a', chunkSize: 10, size: null });
      expect(begun).toEqual({
        key: 'a',
        chunkSize: 10,
        chunks: 0,
        bytes: 0,
        size: null,
        sha256: null,
        hashState: null,
        validator: null,
      });
      expect(await storage.read('a')).toBeNull();
      const first = await storage.append('a', {
        index: 0,
        bytes: someBytes(10),
        hashState: Uint8Array.of(1, 2, 3),
        validator: { url: 'https://one.example/a', etag: '"v1"' },
        size: 13,
      });
      expect(first).toEqual({
        ...begun,
        chunks: 1,
        bytes: 10,
        size: 13,
        hashState: Uint8Array.of(1, 2, 3),
        validator: { url: 'https://one.example/a', etag: '"v1"' },
      });
      expect(await storage.find('a')).toEqual(first);
      expect(await bytesOf(await storage.read('a'))).toEqual(someBytes(10));
      const second = await storage.append('a', chunkOf(1, someBytes(3, 2)));
      // A size that was known stays known.
      expect(second).toMatchObject({ chunks: 2, bytes: 13, size: 13, validator: null });
      const finished = await storage.finish('a', 'digest');
      expect(finished).toEqual({ ...second, sha256: 'digest', hashState: null });
      expect(await storage.find('a')).toEqual(finished);
    });

    test('of many chunks is the same bytes, in their order', async () => {
      const bytes = someBytes(12_345);
      await keepFile(storage, 'a', bytes, 100);
      const blob = await storage.read('a');
      expect(blob?.size).toBe(12_345);
      expect(await bytesOf(blob)).toEqual(bytes);
      expect(await bytesOf(blob?.slice(95, 205) ?? null)).toEqual(bytes.slice(95, 205));
    });

    test('keeps copies: the memory of a chunk may be used again', async () => {
      await storage.begin({ key: 'a', chunkSize: 10, size: null });
      const memory = new Uint8Array(100).fill(7);
      const state = new Uint8Array(100).fill(8);
      await storage.append('a', {
        ...chunkOf(0, memory.subarray(20, 30)),
        hashState: state.subarray(5, 7),
      });
      memory.fill(0);
      state.fill(0);
      expect(await bytesOf(await storage.read('a'))).toEqual(new Uint8Array(10).fill(7));
      const { hashState } = (await storage.find('a')) ?? {};
      expect(hashState).toEqual(Uint8Array.of(8, 8));
      expect(hashState?.buffer.byteLength).toBe(2);
    });

    test.each([
      ['one that is there already', 0],
      ['one behind a gap', 2],
    ])('refuses %s without a change', async (_, index) => {
      await storage.begin({ key: 'a', chunkSize: 10, size: null });
      const kept = await storage.append('a', chunkOf(0, someBytes(10)));
      expect(await storage.append('a', chunkOf(index, someBytes(10, 9)))).toEqual(kept);
      expect(await storage.find('a')).toEqual(kept);
      expect(await bytesOf(await storage.read('a'))).toEqual(someBytes(10));
    });

    test('takes no chunk that its layout forbids', async () => {
      expect(await codeOf(storage.begin({ key: 'a', chunkSize: 0, size: 1 }))).toBe('internal');
      await storage.begin({ key: 'a', chunkSize: 10, size: null });
      expect(await codeOf(storage.append('a', chunkOf(0, someBytes(11))))).toBe('internal');
      expect(await codeOf(storage.append('a', chunkOf(0, someBytes(0))))).toBe('internal');
      const kept = await storage.append('a', chunkOf(0, someBytes(4)));
      expect(await codeOf(storage.append('a', chunkOf(1, someBytes(4))))).toBe('internal');
      expect(await storage.find('a')).toEqual(kept);
    });

    test('that is complete takes no more chunks', async () => {
      const finished = await keepFile(storage, 'a', someBytes(20), 10);
      expect(await storage.append('a', chunkOf(2, someBytes(10)))).toEqual(finished);
      expect((await storage.read('a'))?.size).toBe(20);
    });

    test('cannot be finished before all of it is there', async () => {
      await storage.begin({ key: 'a', chunkSize: 10, size: 25 });
      const kept = await storage.append('a', chunkOf(0, someBytes(10)));
      await expect(storage.finish('a', 'digest')).rejects.toThrow('10 of its 25 bytes');
      expect(await storage.find('a')).toEqual(kept);
    });

    test('without bytes can be complete', async () => {
      await storage.begin({ key: 'a', chunkSize: 10, size: null });
      expect(await storage.finish('a', 'digest')).toMatchObject({ bytes: 0, size: 0 });
      expect((await storage.read('a'))?.size).toBe(0);
    });

    test('that is begun again or dropped leaves nothing behind', async () => {
      await keepFile(storage, 'a', someBytes(35), 10);
      await keepFile(storage, 'b', someBytes(20, 2), 10);
      expect(await storage.begin({ key: 'a', chunkSize: 5, size: 5 })).toMatchObject({ chunks: 0 });
      expect(await storage.read('a')).toBeNull();
      await storage.append('a', chunkOf(0, someBytes(5, 3)));
      expect(await bytesOf(await storage.read('a'))).toEqual(someBytes(5, 3));
      await storage.drop('a');
      expect(await storage.find('a')).toBeNull();
      expect(await storage.read('a')).toBeNull();
      expect(await bytesOf(await storage.read('b'))).toEqual(someBytes(20, 2));
    });

    test('is told apart from one whose key begins alike', async () => {
      await keepFile(storage, 'a', someBytes(10), 10);
      await keepFile(storage, 'a,0', someBytes(20, 2), 10);
      await keepFile(storage, 'ab', someBytes(30, 3), 10);
      await storage.drop('a');
      expect((await storage.read('a,0'))?.size).toBe(20);
      expect((await storage.read('ab'))?.size).toBe(30);
    });
  });

  describe('a model', () => {
    test('is read as it was written', async () => {
      expect(await storage.readModel('m')).toBeNull();
      const record = modelRecord('m', { 'a.onnx': 'a' }, { integrity: 'signed' });
      await storage.writeModel(record);
      expect(await storage.readModel('m')).toEqual(record);
      await storage.writeModel({ ...record, manifest: null });
      expect(await storage.readModel('m')).toEqual({ ...record, manifest: null });
    });

    test('is listed, most recently used first, with what is there of it', async () => {
      const files = { 'a.onnx': 'a', 'a-again.onnx': 'a', 'b.onnx': 'b' };
      await storage.writeModel(modelRecord('old', files, { usedAt: 10 }));
      await storage.writeModel(modelRecord('new', { 'b.onnx': 'b' }, { usedAt: 30, addedAt: 20 }));
      await storage.writeModel(modelRecord('none', {}, { usedAt: 20, id: 'other' }));
      await keepFile(storage, 'a', someBytes(2500));
      await storage.begin({ key: 'b', chunkSize: 100, size: 300 });
      await storage.append('b', chunkOf(0, someBytes(100)));
      const common = { id: 'tiny', version: '1.0.0', integrity: 'verified' };
      expect(await storage.listModels()).toEqual([
        {
          ...common,
          key: 'new',
          bytes: 100,
          complete: false,
          addedAt: 20,
          usedAt: 30,
          files: ['b.onnx'],
        },
        {
          ...common,
          key: 'none',
          id: 'other',
          bytes: 0,
          complete: true,
          addedAt: 1,
          usedAt: 20,
          files: [],
        },
        {
          ...common,
          key: 'old',
          bytes: 2600,
          complete: false,
          addedAt: 1,
          usedAt: 10,
          files: Object.keys(files),
        },
      ]);
      await storage.touchModel('old', 40);
      await storage.touchModel('nobody', 50);
      // A clock that goes wrong takes nothing back.
      await storage.touchModel('new', 5);
      const listed = await storage.listModels();
      expect(listed.map(({ key, usedAt }) => [key, usedAt])).toEqual([
        ['old', 40],
        ['new', 30],
        ['none', 20],
      ]);
      await keepFile(storage, 'b', someBytes(300), 100);
      expect((await storage.listModels()).every(({ complete }) => complete)).toBe(true);
    });

    test('in a new version drops what only the old one used', async () => {
      await storage.writeModel(modelRecord('m', { text: 'old text', image: 'same image' }));
      await keepFile(storage, 'old text', someBytes(10));
      await keepFile(storage, 'same image', someBytes(20));
      await storage.writeModel(modelRecord('m', { text: 'new text', image: 'same image' }));
      expect(await storage.find('old text')).toBeNull();
      expect(await storage.read('old text')).toBeNull();
      expect(await bytesOf(await storage.read('same image'))).toEqual(someBytes(20));
    });

    test('keeps what has arrived of its files while other models come and go', async () => {
      await storage.writeModel(modelRecord('m', { text: 'partial' }));
      await storage.begin({ key: 'partial', chunkSize: 10, size: 30 });
      const kept = await storage.append('partial', chunkOf(0, someBytes(10)));
      await storage.begin({ key: 'of nobody', chunkSize: 10, size: 30 });
      await storage.writeModel(modelRecord('other', { text: 'x' }));
      await storage.deleteModel('other');
      expect(await storage.find('partial')).toEqual(kept);
      expect(await storage.find('of nobody')).toBeNull();
    });

    test('takes along what only it used when it is deleted', async () => {
      await storage.writeModel(modelRecord('one', { text: 'shared', image: 'first' }));
      await storage.writeModel(modelRecord('two', { text: 'shared', image: 'second' }));
      for (const key of ['shared', 'first', 'second']) {
        await keepFile(storage, key, someBytes(50));
      }
      expect(await storage.deleteModel('one')).toBe(true);
      expect(await storage.deleteModel('one')).toBe(false);
      expect(await storage.readModel('one')).toBeNull();
      expect(await storage.find('first')).toBeNull();
      expect((await storage.read('shared'))?.size).toBe(50);
      expect(await storage.deleteModel('two')).toBe(true);
      expect(await storage.find('shared')).toBeNull();
      expect(await storage.listModels()).toEqual([]);
    });

    test('is left alone by the deletion of another', async () => {
      await storage.writeModel(modelRecord('m', { text: 'a' }));
      await keepFile(storage, 'a', someBytes(50));
      expect(await storage.deleteModel('nobody')).toBe(false);
      expect((await storage.read('a'))?.size).toBe(50);
    });
  });

  describe('the digest of a file', () => {
    test('is known from its first complete download on, also when it is gone', async () => {
      await storage.begin({ key: 'url:a', chunkSize: 10, size: null });
      expect(await storage.knownDigest('url:a')).toBeNull();
      await keepFile(storage, 'url:a', someBytes(20), 10);
      await keepFile(storage, 'url:b', someBytes(20), 10);
      expect(await storage.knownDigest('url:a')).toBe('sha256 of url:a');
      await storage.drop('url:a');
      await storage.writeModel(modelRecord('m', {}));
      expect(await storage.find('url:b')).toBeNull();
      expect(await storage.knownDigest('url:a')).toBe('sha256 of url:a');
      expect(await storage.knownDigest('url:b')).toBe('sha256 of url:b');
    });

    test('is forgotten when told so', async () => {
      for (const key of ['url:a', 'url:b', 'url:c']) await keepFile(storage, key, someBytes(20));
      for (const prefix of ['url:a', 'url:c', 'url:nothing']) await storage.forgetDigests(prefix);
      expect(await storage.knownDigest('url:a')).toBeNull();
      expect(await storage.knownDigest('url:b')).toBe('sha256 of url:b');
      expect(await storage.knownDigest('url:c')).toBeNull();
    });
  });

  test('goes on after it was closed', async () => {
    await storage.writeModel(modelRecord('m', { text: 'a' }));
    await keepFile(storage, 'a', someBytes(50));
    storage.close();
    storage.close();
    expect((await storage.listModels())[0]?.bytes).toBe(50);
    expect(await bytesOf(await storage.read('a'))).toEqual(someBytes(50));
  });
}
