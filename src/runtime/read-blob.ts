/** A file's bytes out of its Blob, with typed errors for what browsers do to stored Blobs. */
import { readPiece } from '../core/read-piece';
import { PhotoglotError } from '../errors';

/** Bytes; Chromium reads no two gigabytes at once, and a piece lies in memory twice for a moment. */
const PIECE = 2 ** 26;

/**
 * Reads a Blob into one allocation.
 *
 * @param name of the file, for messages
 * @throws PhotoglotError `storage` when the browser has lost the content, `out-of-memory` when it
 * cannot hold so many bytes
 */
export async function readBlob(blob: Blob, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = allocate(blob.size, name);
  for (let start = 0; start < blob.size; start += PIECE) {
    const piece = await readPiece(blob.slice(start, start + PIECE)).catch((thrown: unknown) => {
      throw unreadable(name, thrown);
    });
    bytes.set(new Uint8Array(piece), start);
  }
  return bytes;
}

/**
 * Zeroes to be filled with a file's content.
 *
 * @throws PhotoglotError `out-of-memory` when there is no room for them
 */
export function allocate(size: number, name: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(size);
  } catch (thrown) {
    const message = `${name} needs ${String(size)} bytes in one piece, more than this browser can hold in memory.`;
    throw new PhotoglotError('out-of-memory', `${message} Try a smaller "dtype".`, {
      cause: thrown,
    });
  }
}

/** A Blob whose content is gone: evicted, cleared or damaged behind a handle that still looks well. */
export function unreadable(name: string, thrown: unknown): PhotoglotError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `${name} could not be read from the browser's storage, which has lost or damaged it: ${why}`;
  return new PhotoglotError('storage', `${message} Load the model again to fetch it anew.`, {
    cause: thrown,
  });
}
