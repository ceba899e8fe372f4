/**
 * How what is kept of a file may change: the rules that every storage follows, apart from how it
 * keeps the bytes. They are applied inside a transaction, to what is true there.
 */
import { PhotoglotError } from '../errors';
import type { NewChunk, StoredFile } from './file-shelf';

/** A file that was begun, without bytes. */
export function begunFile(file: Pick<StoredFile, 'key' | 'chunkSize' | 'size'>): StoredFile {
  const { key, chunkSize, size } = file;
  if (!Number.isSafeInteger(chunkSize) || chunkSize < 1) {
    throw wrong(key, `chunks of ${chunkSize} bytes`, 'a whole number of bytes, 1 or more');
  }
  return {
    key,
    chunkSize,
    chunks: 0,
    bytes: 0,
    size,
    sha256: null,
    hashState: null,
    validator: null,
  };
}

/**
 * What is true once the chunk is kept; null when it is not the next one, as another tab was
 * faster or the file is complete. Throws `storage` when the file was dropped meanwhile.
 */
export function withChunk(
  file: StoredFile | undefined,
  key: string,
  chunk: NewChunk,
): StoredFile | null {
  if (file === undefined) throw droppedError(key);
  if (file.sha256 !== null || file.chunks !== chunk.index) return null;
  const { length } = chunk.bytes;
  if (length < 1 || length > file.chunkSize) {
    throw wrong(key, `a chunk of ${length} bytes`, `1 to ${file.chunkSize}`);
  }
  if (file.bytes !== file.chunks * file.chunkSize) {
    throw wrong(key, 'another chunk behind a shorter one', 'that a shorter one is the last');
  }
  return {
    ...file,
    chunks: file.chunks + 1,
    bytes: file.bytes + length,
    size: chunk.size ?? file.size,
    // Views on larger memory would be stored with all of it.
    hashState: chunk.hashState?.slice() ?? null,
    validator: chunk.validator,
  };
}

/**
 * The file as complete. Throws `storage` when it is not all there: it was dropped, or another
 * tab began it anew.
 */
export function finishedFile(
  file: StoredFile | undefined,
  key: string,
  sha256: string,
): StoredFile {
  if (file === undefined) throw droppedError(key);
  if (file.size !== null && file.bytes !== file.size) {
    throw new PhotoglotError(
      'storage',
      `The file ${key} cannot be complete: ${file.bytes} of its ${file.size} bytes are kept. ` +
        'Another tab may have begun it anew: load the model again.',
    );
  }
  return { ...file, size: file.bytes, sha256, hashState: null };
}

function droppedError(key: string): PhotoglotError {
  return new PhotoglotError(
    'storage',
    `Nothing is kept of the file ${key} any more: its model was deleted, or the browser cleared ` +
      'its data, while it was downloaded. Load the model again.',
  );
}

function wrong(key: string, got: string, expected: string): PhotoglotError {
  return new PhotoglotError(
    'internal',
    `The file ${key} was given ${got}, expected ${expected}. This is a bug in the SDK: please ` +
      'report it.',
  );
}
