/**
 * Reads a body into memory that is used again. The pieces of an ordinary reader are garbage, of
 * which browsers let hundreds of megabytes gather: 600 MB in three streams took a Chromium renderer
 * to 215 MB in a loop that only reads, and take it to 92 MB in a whole download that reads so.
 */

/** Bytes of that memory. */
const PIECE = 256 * 1024;

/** The next bytes, which are good until the next call; null at the end. */
export type PieceReader = () => Promise<Uint8Array | null>;

export function pieceReader(body: ReadableStream<Uint8Array<ArrayBuffer>> | null): PieceReader {
  if (body === null) return () => Promise.resolve(null);
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    // Not all browsers let bodies be read so.
    const plain = body.getReader();
    return async () => {
      const { value } = await plain.read();
      return value ?? null;
    };
  }
  let memory = new ArrayBuffer(PIECE);
  return async () => {
    const { done, value } = await reader.read(new Uint8Array(memory));
    if (done) return null;
    memory = value.buffer;
    return value;
  };
}
