/** Bytes that a caller hands in: a file, or a stream. */
import { PhotoglotError } from '../errors';

/** A file in one piece, or as it arrives. */
export type BytesInput = Blob | ReadableStream<Uint8Array>;

/** What is read of a Blob at a time. */
const PIECE_BYTES = 2 ** 20;

/** Pieces whose buffers may be moved, and a way to end it before its end. */
export interface ByteInput {
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Lets go of the source. Never throws. */
  readonly cancel: () => void;
}

/** Throws `invalid-input` for what is neither; its pieces reject with that when it cannot be read. */
export function openBytes(input: unknown, what: string): ByteInput {
  if (input instanceof Blob) return { pieces: blobPieces(input, what), cancel: () => undefined };
  if (!(input instanceof ReadableStream)) {
    throw new PhotoglotError('invalid-input', `${what} must be a Blob or a ReadableStream.`);
  }
  if (input.locked) {
    throw new PhotoglotError('invalid-input', `${what} is a stream that somebody else reads.`);
  }
  const reader = (input as ReadableStream<unknown>).getReader();
  return {
    pieces: streamPieces(reader, what),
    cancel: () => void reader.cancel().catch(() => undefined),
  };
}

async function* blobPieces(blob: Blob, what: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < blob.size; start += PIECE_BYTES) {
    try {
      yield new Uint8Array(await blob.slice(start, start + PIECE_BYTES).arrayBuffer());
    } catch (thrown) {
      throw unreadable(what, thrown);
    }
  }
}

async function* streamPieces(
  reader: ReadableStreamDefaultReader<unknown>,
  what: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (;;) {
    let next: ReadableStreamReadResult<unknown>;
    try {
      next = await reader.read();
    } catch (thrown) {
      throw unreadable(what, thrown);
    }
    if (next.done) return;
    if (!(next.value instanceof Uint8Array)) {
      throw new PhotoglotError('invalid-input', `${what} must be a stream of Uint8Array.`);
    }
    // A copy: the buffer is moved to another thread, and the caller may still need it.
    yield new Uint8Array(next.value);
  }
}

function unreadable(what: string, cause: unknown): PhotoglotError {
  return new PhotoglotError('invalid-input', `${what} cannot be read to its end.`, { cause });
}
