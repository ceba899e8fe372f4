import { beforeEach, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import type { VerifyProgress, VerifyReport } from '../protocol/delivery-contract';
import { MemoryStorage } from './memory-storage';
import { chunkOf, keepFile, modelRecord, someBytes } from './test-workers/model-data';
import { verifyModel, type BlobHash } from './verify-model';

let storage: MemoryStorage;
beforeEach(() => {
  storage = new MemoryStorage();
});

/** Stands in for SHA-256: `keepFile` records "sha256 of KEY"; keys here are the files' sizes. */
const hash: BlobHash = (blob, { onProgress }) => {
  onProgress(Math.floor(blob.size / 2));
  onProgress(blob.size);
  return Promise.resolve(`sha256 of ${blob.size}`);
};

async function verify(
  rest: {
    hash?: BlobHash;
    signal?: AbortSignal;
    onProgress?: (progress: VerifyProgress) => void;
  } = {},
): Promise<VerifyReport> {
  const signal = new AbortController().signal;
  return verifyModel({ storage, key: 'm', hash, signal, onProgress: () => undefined, ...rest });
}

test('tells what is intact, damaged and missing, and drops what is damaged', async () => {
  const files = {
    'good.onnx': '30',
    'same.onnx': '30',
    'flipped.onnx': 'flipped',
    'half.onnx': 'half',
    'none.onnx': 'none',
  };
  await storage.writeModel(modelRecord('m', files));
  await keepFile(storage, '30', someBytes(30), 10);
  await keepFile(storage, 'flipped', someBytes(20), 10);
  await storage.begin({ key: 'half', chunkSize: 10, size: 40 });
  const half = await storage.append('half', chunkOf(0, someBytes(10)));

  const told: VerifyProgress[] = [];
  const report = await verify({ onProgress: (progress) => told.push(progress) });
  expect(report).toEqual({
    key: 'm',
    intact: ['good.onnx', 'same.onnx'],
    damaged: ['flipped.onnx'],
    missing: ['half.onnx', 'none.onnx'],
  });
  expect(told.map(({ done }) => done)).toEqual([15, 30, 40, 50, 50]);
  expect(new Set(told.map(({ total }) => total))).toEqual(new Set([50]));
  expect(await storage.find('flipped')).toBeNull();
  expect(await storage.find('half')).toEqual(half);
  // Now it is only missing; the model is listed as incomplete.
  expect(await verify()).toMatchObject({ damaged: [], missing: Object.keys(files).slice(2) });
  expect((await storage.listModels())[0]?.complete).toBe(false);
});

test.each(['NotReadableError', 'NotFoundError'])(
  'a file that fails with %s is damaged',
  async (name) => {
    await storage.writeModel(modelRecord('m', { 'a.onnx': 'a' }));
    await keepFile(storage, 'a', someBytes(30));
    const cause = new DOMException('The bytes are gone.', name);
    const own = new PhotoglotError('storage', 'It cannot be read.', { cause });
    expect((await verify({ hash: () => Promise.reject(cause) })).damaged).toEqual(['a.onnx']);
    await keepFile(storage, 'a', someBytes(30));
    expect((await verify({ hash: () => Promise.reject(own) })).damaged).toEqual(['a.onnx']);
  },
);

test('any other failure of the hash is passed on, and nothing is dropped', async () => {
  await storage.writeModel(modelRecord('m', { 'a.onnx': 'a' }));
  const kept = await keepFile(storage, 'a', someBytes(30));
  const failure = new PhotoglotError('aborted', 'Enough.');
  await expect(verify({ hash: () => Promise.reject(failure) })).rejects.toBe(failure);
  expect(await storage.find('a')).toEqual(kept);
});

test('an abort ends it', async () => {
  await storage.writeModel(modelRecord('m', { 'a.onnx': 'a' }));
  await keepFile(storage, 'a', someBytes(30));
  await expect(verify({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
});

test('a model that is not kept is "not-found"', async () => {
  await expect(verify()).rejects.toMatchObject({ code: 'not-found' });
});
