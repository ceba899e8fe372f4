/** The bytes of a part of a Blob, or the reason why there are none. */

/**
 * Rejects with the browser's own error. In workers it is read synchronously: in Chromium 156 the
 * asynchronous read of a Blob whose database was cleared never settles, while this one fails.
 */
export async function readPiece(part: Blob): Promise<ArrayBuffer> {
  const { FileReaderSync: Reader } = globalThis as { readonly FileReaderSync?: SyncReaderClass };
  return Reader === undefined ? part.arrayBuffer() : new Reader().readAsArrayBuffer(part);
}

/** Only in workers, whose types are not those of the page. */
type SyncReaderClass = new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
