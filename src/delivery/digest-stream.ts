/** SHA-256 of what is too large for memory: piece by piece, and to be continued another day. */
import { readPiece } from '../core/read-piece';
import { createSHA256, type IHasher } from 'hash-wasm';
import { abortedError } from '../core/until-aborted';
import { PhotoglotError } from '../errors';
import { openState, sealState } from './sealed-state';

/** Bytes that are read and hashed at a time: between two of them the thread does other work. */
const PIECE = 4 * 2 ** 20;

export class DigestStream {
  readonly #hasher: IHasher;
  #hashed = 0;

  private constructor(hasher: IHasher) {
    this.#hasher = hasher;
  }

  /** A hash of nothing yet. */
  static async create(): Promise<DigestStream> {
    return new DigestStream(await createSHA256());
  }

  /** Bytes that went in. */
  get hashed(): number {
    return this.#hashed;
  }

  update(bytes: Uint8Array): void {
    this.#hasher.update(bytes);
    this.#hashed += bytes.length;
  }

  /** Back to a hash of nothing. */
  reset(): void {
    this.#hasher.init();
    this.#hashed = 0;
  }

  /** What {@link DigestStream.load} goes on from. */
  save(): Promise<Uint8Array<ArrayBuffer>> {
    return sealState(this.#hasher.save(), this.#hashed);
  }

  /** Goes on behind `hashed` bytes. False, and unchanged, when the state is damaged or of other bytes. */
  async load(sealed: Uint8Array<ArrayBuffer>, hashed: number): Promise<boolean> {
    const state = await openState(sealed, hashed);
    if (state === null) return false;
    try {
      this.#hasher.load(state);
    } catch {
      // Saved by another version of hash-wasm.
      return false;
    }
    this.#hashed = hashed;
    return true;
  }

  /** Lower-case hex digest. Ends the stream: only `reset` and `load` may follow. */
  digest(): string {
    return this.#hasher.digest('hex');
  }
}

export interface HashBlobOptions {
  readonly signal?: AbortSignal;
  /** Called after every piece, with the bytes hashed so far. */
  readonly onProgress?: (done: number) => void;
}

/** Lower-case hex digest. Rejects with `storage` when the bytes cannot be read, and with `aborted`. */
export async function sha256OfBlob(blob: Blob, options: HashBlobOptions = {}): Promise<string> {
  const stream = await DigestStream.create();
  await updateWithBlob(stream, blob, options);
  return stream.digest();
}

/** Hashes a Blob without holding more than a piece of it. Rejects as {@link sha256OfBlob}. */
export async function updateWithBlob(
  stream: DigestStream,
  blob: Blob,
  { signal, onProgress }: HashBlobOptions = {},
): Promise<void> {
  for (let start = 0; start < blob.size; start += PIECE) {
    if (signal?.aborted === true) throw abortedError(signal);
    const piece = blob.slice(start, start + PIECE);
    const bytes = await readPiece(piece).catch((thrown: unknown) => {
      const message = `Kept bytes ${start} to ${start + piece.size} of a file cannot be read any more.`;
      throw new PhotoglotError('storage', `${message} Delete the model and load it again.`, {
        cause: thrown,
      });
    });
    stream.update(new Uint8Array(bytes));
    onProgress?.(Math.min(start + PIECE, blob.size));
  }
  if (signal?.aborted === true) throw abortedError(signal);
}
