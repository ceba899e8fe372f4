/** A file that grows at several places at once, out of Blobs, which the browser may keep on the disk. */

/** What has come of one place is handed to the browser when it is so much. */
const PIECE_BYTES = 2 ** 20;

/** Bytes without a gap. */
interface Extent {
  readonly at: number;
  /** Behind the last byte. */
  end: number;
  readonly blobs: Blob[];
  /** Behind the Blobs. */
  waiting: Uint8Array<ArrayBuffer>[];
  waitingBytes: number;
}

export class BlobPieces {
  readonly #extents: Extent[] = [];

  /** Adds bytes where there are none yet; they may change afterwards. */
  write(at: number, bytes: Uint8Array<ArrayBuffer>): void {
    let extent = this.#extents.find(({ end }) => end === at);
    if (extent === undefined) {
      extent = { at, end: at, blobs: [], waiting: [], waitingBytes: 0 };
      this.#extents.push(extent);
    }
    extent.end += bytes.length;
    extent.waiting.push(bytes.slice());
    extent.waitingBytes += bytes.length;
    if (extent.waitingBytes >= PIECE_BYTES) handOver(extent);
  }

  /** All of it; what was not written is zeros. */
  join(): Blob {
    const parts: BlobPart[] = [];
    let end = 0;
    for (const extent of this.#extents.sort((left, right) => left.at - right.at)) {
      if (extent.at > end) parts.push(new Uint8Array(extent.at - end));
      parts.push(...extent.blobs, ...extent.waiting);
      ({ end } = extent);
    }
    return new Blob(parts);
  }
}

function handOver(extent: Extent): void {
  extent.blobs.push(new Blob(extent.waiting));
  extent.waiting = [];
  extent.waitingBytes = 0;
}
