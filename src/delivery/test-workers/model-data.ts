/** Records and bytes for tests of the storage. */
import { isPhotoglotError } from '../../errors';
import type { NewChunk, StoredFile } from '../file-shelf';
import type { ModelRecord, ModelStorage } from '../model-storage';

/** A record with what a test does not care about filled in. */
export function modelRecord(
  key: string,
  files: Readonly<Record<string, string>>,
  rest: Partial<ModelRecord> = {},
): ModelRecord {
  return {
    key,
    id: 'tiny',
    version: '1.0.0',
    manifest: { text: `{"of":"${key}"}`, signature: null },
    files,
    integrity: 'verified',
    addedAt: 1,
    usedAt: 1,
    ...rest,
  };
}

export function chunkOf(index: number, bytes: Uint8Array<ArrayBuffer>): NewChunk {
  return { index, bytes, hashState: Uint8Array.of(index), validator: null, size: null };
}

/** `length` bytes that differ by `seed`, and from their neighbours. */
export function someBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 7 + (index >> 8)) & 255);
}

/** Begins, fills and finishes a file. */
export async function keepFile(
  storage: ModelStorage,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  chunkSize = 1000,
): Promise<StoredFile> {
  await storage.begin({ key, chunkSize, size: bytes.length });
  for (let index = 0; index * chunkSize < bytes.length; index++) {
    const piece = bytes.slice(index * chunkSize, (index + 1) * chunkSize);
    await storage.append(key, chunkOf(index, piece));
  }
  return storage.finish(key, `sha256 of ${key}`);
}

export async function bytesOf(blob: Blob | null): Promise<Uint8Array | null> {
  return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
}

/** What `call` failed with; `resolved` if it did not fail, `foreign` if not by our error. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
  );
}
