/** What is kept of a file, and the hash of exactly that: the two go forward, and back, together. */
import { isPhotoglotError } from '../errors';
import { DigestStream, updateWithBlob } from './digest-stream';
import type { FileFacts } from './file-facts';
import type { FileShelf, StoredFile } from './file-shelf';

export interface KeptFileOptions {
  readonly shelf: FileShelf;
  readonly key: string;
  /** Bytes of a chunk. */
  readonly chunkSize: number;
  /** Bytes of the file, if they are known before it arrives. */
  readonly size: number | null;
  readonly signal: AbortSignal;
}

export class KeptFile {
  readonly #options: KeptFileOptions;
  readonly #digest: DigestStream;
  #state: StoredFile;

  private constructor(options: KeptFileOptions, digest: DigestStream, state: StoredFile) {
    this.#options = options;
    this.#digest = digest;
    this.#state = state;
  }

  /** Takes up what is there, if it fits; else begins the file. */
  static async open(options: KeptFileOptions): Promise<KeptFile> {
    const { shelf, key } = options;
    const found = await shelf.find(key);
    const state = found ?? (await begin(options));
    const kept = new KeptFile(options, await DigestStream.create(), state);
    await kept.#follow(state);
    return kept;
  }

  get state(): StoredFile {
    return this.#state;
  }

  /** Drops everything. */
  async restart(): Promise<void> {
    this.#digest.reset();
    this.#state = await begin(this.#options);
  }

  /**
   * Keeps the next chunk. Resolves to whether `state` is what the chunk makes of it; false when
   * another tab was faster, and `state` is what that one has made.
   */
  async append(bytes: Uint8Array<ArrayBuffer>, facts: FileFacts): Promise<boolean> {
    const { shelf, key } = this.#options;
    const index = this.#state.chunks;
    const end = this.#state.bytes + bytes.length;
    this.#digest.update(bytes);
    const hashState = await this.#digest.save();
    const state = await shelf.append(key, { index, bytes, hashState, ...facts });
    const isOurs = state.bytes === end && isSame(state.hashState, hashState);
    this.#state = state;
    if (!isOurs) await this.#follow(state);
    return isOurs;
  }

  /** Digest of all that is kept. Only `restart` and `finish` may follow. */
  digest(): string {
    return this.#digest.digest();
  }

  /** The file is complete, and this is its digest. */
  async finish(sha256: string): Promise<void> {
    const { shelf, key } = this.#options;
    this.#state = await shelf.finish(key, sha256);
  }

  /** Takes over a state that is not ours. */
  async #follow(state: StoredFile): Promise<void> {
    this.#state = state;
    if (state.sha256 !== null) return;
    if (!this.#fits(state) || !(await this.#resumeDigest(state))) await this.restart();
  }

  #fits(state: StoredFile): boolean {
    const { chunkSize, size } = this.#options;
    if (state.chunkSize !== chunkSize) return false;
    if (size !== null && state.size !== null && state.size !== size) return false;
    const end = size ?? state.size ?? Infinity;
    return state.bytes === Math.min(state.chunks * chunkSize, end);
  }

  /** False when what is kept cannot be read. */
  async #resumeDigest({ bytes, hashState }: StoredFile): Promise<boolean> {
    this.#digest.reset();
    if (bytes === 0) return true;
    if (hashState !== null && (await this.#digest.load(hashState, bytes))) return true;
    const { shelf, key, signal } = this.#options;
    try {
      const blob = await shelf.read(key);
      if (blob?.size !== bytes) return false;
      await updateWithBlob(this.#digest, blob, { signal });
      return true;
    } catch (thrown) {
      if (isPhotoglotError(thrown) && thrown.code === 'storage') return false;
      throw thrown;
    }
  }
}

function begin({ shelf, key, chunkSize, size }: KeptFileOptions): Promise<StoredFile> {
  return shelf.begin({ key, chunkSize, size });
}

function isSame(left: Uint8Array | null, right: Uint8Array): boolean {
  return left?.length === right.length && right.every((byte, index) => byte === left[index]);
}
