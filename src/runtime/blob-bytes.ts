/**
 * Weights that stay where they are stored: a Blob in the shape of the Uint8Array that ONNX Runtime
 * takes for external data.
 *
 * All that ORT's loader does with such an array is to look at its `byteLength` and, tensor by tensor,
 * to copy a `subarray` of it to the WASM heap or the GPU. Here, `subarray` reads that range from the
 * Blob, so that no more than the largest tensor is in JavaScript's memory, in every build. Handing
 * over the Blob itself does so in the JSPI build only (the others read it as a whole), and there it
 * takes longer and leaves the largest tensor behind. `tower-session.browser.test.ts` guards what is
 * assumed here of ORT, whose version is pinned.
 */
import { freeBuffer } from './free-buffer';
import { allocate, unreadable } from './read-blob';

/** Of workers only, and this file is type-checked with the page's globals as well. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}
declare const FileReaderSync: new () => SyncReader;

/** Bytes; large enough to read fast, small beside the tensors that are read in several. */
const PIECE = 2 ** 23;

/** For one session; only in dedicated workers, as reading is synchronous. */
export class BlobBytes extends Uint8Array<ArrayBuffer> {
  readonly #name: string;
  #blob: Blob;
  /** What was read last; ORT has copied it when it asks for more. */
  #scratch = new Uint8Array();
  #failure: unknown = null;
  #reads = 0;

  /** @param name of the file, for messages */
  constructor(blob: Blob, name: string) {
    super(new ArrayBuffer(0));
    this.#blob = blob;
    this.#name = name;
  }

  override get byteLength(): number {
    return this.#blob.size;
  }

  /** Why a range could not be read; null when all went well. ORT itself tells no reasons. */
  get failure(): unknown {
    return this.#failure;
  }

  /** How many ranges were read. */
  get reads(): number {
    return this.#reads;
  }

  /** The bytes of that range, until the next call. Throws `storage` or `out-of-memory`. */
  override subarray(start = 0, end = this.#blob.size): Uint8Array<ArrayBuffer> {
    try {
      this.#reads++;
      return this.#read(start, end);
    } catch (thrown) {
      this.#failure ??= thrown;
      throw thrown;
    }
  }

  /** Lets go of Blob and memory: the session is made, or never will be. */
  release(): void {
    freeBuffer(this.#scratch.buffer);
    this.#scratch = new Uint8Array();
    this.#blob = new Blob();
  }

  #read(start: number, end: number): Uint8Array<ArrayBuffer> {
    const size = end - start;
    const scratch = this.#scratchOf(size);
    const reader = new FileReaderSync();
    for (let at = 0; at < size; at += PIECE) {
      const range = this.#blob.slice(start + at, Math.min(start + at + PIECE, end));
      const piece = readNow(reader, range, this.#name);
      scratch.set(new Uint8Array(piece), at);
      freeBuffer(piece);
    }
    return scratch.subarray(0, size);
  }

  #scratchOf(size: number): Uint8Array<ArrayBuffer> {
    if (this.#scratch.length < size) {
      // First the old one, lest both are there at a time.
      freeBuffer(this.#scratch.buffer);
      this.#scratch = new Uint8Array();
      this.#scratch = allocate(size, this.#name);
    }
    return this.#scratch;
  }
}

function readNow(reader: SyncReader, range: Blob, name: string): ArrayBuffer {
  try {
    return reader.readAsArrayBuffer(range);
  } catch (thrown) {
    throw unreadable(name, thrown);
  }
}
