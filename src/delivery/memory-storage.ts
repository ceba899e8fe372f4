/**
 * Models in memory, for as long as the worker lives: where the browser keeps nothing, or the
 * caller wants nothing kept. The twin of `indexed-db-storage.ts`; one suite tests both.
 */
import type { CachedModel } from '../protocol/delivery-contract';
import type { NewChunk, StoredFile } from './file-shelf';
import { describeModels, unreferencedFiles } from './model-inventory';
import type { ModelRecord, ModelStorage } from './model-storage';
import { begunFile, finishedFile, withChunk } from './stored-file-state';

interface Content {
  readonly file: StoredFile;
  /** Blobs, which the browser may move out of this process and onto the disk. */
  readonly chunks: readonly Blob[];
}

export class MemoryStorage implements ModelStorage {
  readonly persistent = false;
  readonly scope: string = crypto.randomUUID();
  readonly #models = new Map<string, ModelRecord>();
  readonly #contents = new Map<string, Content>();
  readonly #digests = new Map<string, string>();

  find(key: string): Promise<StoredFile | null> {
    return Promise.resolve(this.#contents.get(key)?.file ?? null);
  }

  begin(file: Pick<StoredFile, 'key' | 'chunkSize' | 'size'>): Promise<StoredFile> {
    return settle(() => this.#keep({ file: begunFile(file), chunks: [] }));
  }

  append(key: string, chunk: NewChunk): Promise<StoredFile> {
    return settle(() => {
      const kept = this.#contents.get(key);
      const changed = withChunk(kept?.file, key, chunk);
      if (kept === undefined || changed === null) return kept?.file as StoredFile;
      return this.#keep({ file: changed, chunks: [...kept.chunks, new Blob([chunk.bytes])] });
    });
  }

  finish(key: string, sha256: string): Promise<StoredFile> {
    return settle(() => {
      const kept = this.#contents.get(key);
      const file = finishedFile(kept?.file, key, sha256);
      if (key !== sha256) this.#digests.set(key, sha256);
      return this.#keep({ file, chunks: kept?.chunks ?? [] });
    });
  }

  drop(key: string): Promise<void> {
    this.#contents.delete(key);
    return Promise.resolve();
  }

  read(key: string): Promise<Blob | null> {
    const kept = this.#contents.get(key);
    if (kept === undefined || (kept.file.chunks === 0 && kept.file.sha256 === null)) {
      return Promise.resolve(null);
    }
    return Promise.resolve(new Blob([...kept.chunks]));
  }

  readModel(key: string): Promise<ModelRecord | null> {
    return Promise.resolve(this.#models.get(key) ?? null);
  }

  writeModel(record: ModelRecord): Promise<void> {
    this.#models.set(record.key, record);
    this.#dropUnreferenced();
    return Promise.resolve();
  }

  touchModel(key: string, usedAt: number): Promise<void> {
    const record = this.#models.get(key);
    if (record !== undefined && record.usedAt < usedAt) {
      this.#models.set(key, { ...record, usedAt });
    }
    return Promise.resolve();
  }

  deleteModel(key: string): Promise<boolean> {
    const isThere = this.#models.delete(key);
    this.#dropUnreferenced();
    return Promise.resolve(isThere);
  }

  listModels(): Promise<readonly CachedModel[]> {
    const files = [...this.#contents.values()].map(({ file }) => file);
    return Promise.resolve(describeModels([...this.#models.values()], files));
  }

  knownDigest(key: string): Promise<string | null> {
    return Promise.resolve(this.#digests.get(key) ?? null);
  }

  forgetDigests(prefix: string): Promise<void> {
    for (const key of this.#digests.keys()) if (key.startsWith(prefix)) this.#digests.delete(key);
    return Promise.resolve();
  }

  /** Nothing to let go of: what is in memory stays until the worker ends, or it is deleted. */
  close(): void {
    return undefined;
  }

  #keep(content: Content): StoredFile {
    this.#contents.set(content.file.key, content);
    return content.file;
  }

  #dropUnreferenced(): void {
    const models = [...this.#models.values()];
    for (const key of unreferencedFiles(models, [...this.#contents.keys()])) {
      this.#contents.delete(key);
    }
  }
}

/** Errors come as rejections, as from the twin. */
function settle<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
