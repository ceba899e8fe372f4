/**
 * Models in IndexedDB. Every change is one transaction, which the browser runs alone even among
 * tabs: what it is based on is read inside it, so nobody writes over what another tab did.
 */
import { isPhotoglotError } from '../errors';
import type { CachedModel } from '../protocol/delivery-contract';
import { BlobGarbage } from '../core/blob-garbage';
import type { NewChunk, StoredFile } from './file-shelf';
import { dropContent, dropUnreferenced } from './drop-contents';
import { describeModels } from './model-inventory';
import type { ModelRecord, ModelStorage } from './model-storage';
import { ModelsConnection } from './models-connection';
import { ALL_MODEL_STORES, chunkKeysOf, MODELS_DATABASE_NAME } from './models-schema';
import { begunFile, finishedFile, withChunk } from './stored-file-state';

const CONTENT_WRITE = { stores: ['contents', 'chunks'], mode: 'readwrite' } as const;
const MODEL_WRITE = { stores: ALL_MODEL_STORES, mode: 'readwrite' } as const;

export class IndexedDbStorage implements ModelStorage {
  readonly persistent = true;
  readonly scope: string;
  readonly #connection: ModelsConnection;
  readonly #garbage = new BlobGarbage(1);

  /** @param name of the database; tests take their own. @default 'photoglot-models' */
  constructor(name: string = MODELS_DATABASE_NAME) {
    this.scope = name;
    this.#connection = new ModelsConnection(name);
  }

  async find(key: string): Promise<StoredFile | null> {
    return this.#connection.transact(
      { stores: ['contents'], mode: 'readonly' },
      async (transaction) => (await transaction.objectStore('contents').get(key)) ?? null,
    );
  }

  async begin(file: Pick<StoredFile, 'key' | 'chunkSize' | 'size'>): Promise<StoredFile> {
    const begun = begunFile(file);
    return this.#connection.transact(CONTENT_WRITE, async (transaction) => {
      await dropContent(transaction, file.key);
      await transaction.objectStore('contents').put(begun, file.key);
      return begun;
    });
  }

  async append(key: string, chunk: NewChunk): Promise<StoredFile> {
    // Before the transaction: the caller's memory is copied once, whatever becomes of it.
    const state = await this.#append(key, chunk, new Blob([chunk.bytes]));
    await this.#garbage.collect();
    return state;
  }

  async #append(key: string, chunk: NewChunk, blob: Blob): Promise<StoredFile> {
    try {
      return await this.#connection.transact(CONTENT_WRITE, async (transaction) => {
        const contents = transaction.objectStore('contents');
        const file = await contents.get(key);
        const changed = withChunk(file, key, chunk);
        if (changed === null) return file as StoredFile;
        await transaction.objectStore('chunks').put(blob, [key, chunk.index]);
        await contents.put(changed, key);
        return changed;
      });
    } finally {
      this.#garbage.note(blob);
    }
  }

  async finish(key: string, sha256: string): Promise<StoredFile> {
    return this.#connection.transact(
      { stores: ['contents', 'digests'], mode: 'readwrite' },
      async (transaction) => {
        const contents = transaction.objectStore('contents');
        const finished = finishedFile(await contents.get(key), key, sha256);
        await contents.put(finished, key);
        if (key !== sha256) await transaction.objectStore('digests').put(sha256, key);
        return finished;
      },
    );
  }

  async drop(key: string): Promise<void> {
    await this.#connection.transact(CONTENT_WRITE, (transaction) => dropContent(transaction, key));
  }

  async read(key: string): Promise<Blob | null> {
    return this.#connection.transact(
      { stores: ['contents', 'chunks'], mode: 'readonly' },
      async (transaction) => {
        const file = await transaction.objectStore('contents').get(key);
        if (file === undefined || (file.chunks === 0 && file.sha256 === null)) return null;
        // Handles: the bytes stay in the browser's own process until somebody reads them.
        return new Blob(await transaction.objectStore('chunks').getAll(chunkKeysOf(key)));
      },
    );
  }

  async readModel(key: string): Promise<ModelRecord | null> {
    return this.#connection.transact(
      { stores: ['models'], mode: 'readonly' },
      async (transaction) => (await transaction.objectStore('models').get(key)) ?? null,
    );
  }

  async writeModel(record: ModelRecord): Promise<void> {
    await this.#connection.transact(MODEL_WRITE, async (transaction) => {
      await transaction.objectStore('models').put(record, record.key);
      await dropUnreferenced(transaction);
    });
  }

  async touchModel(key: string, usedAt: number): Promise<void> {
    try {
      await this.#touch(key, usedAt);
    } catch (thrown) {
      // On a full disk not even this can be written, which must not keep a stored model from use.
      if (!isPhotoglotError(thrown) || thrown.code !== 'quota-exceeded') throw thrown;
    }
  }

  async deleteModel(key: string): Promise<boolean> {
    return this.#connection.transact(MODEL_WRITE, async (transaction) => {
      const models = transaction.objectStore('models');
      if ((await models.getKey(key)) === undefined) return false;
      await models.delete(key);
      await dropUnreferenced(transaction);
      return true;
    });
  }

  async listModels(): Promise<readonly CachedModel[]> {
    return this.#connection.transact(
      { stores: ['models', 'contents'], mode: 'readonly' },
      async (transaction) =>
        describeModels(
          await transaction.objectStore('models').getAll(),
          await transaction.objectStore('contents').getAll(),
        ),
    );
  }

  async knownDigest(key: string): Promise<string | null> {
    return this.#connection.transact(
      { stores: ['digests'], mode: 'readonly' },
      async (transaction) => (await transaction.objectStore('digests').get(key)) ?? null,
    );
  }

  async forgetDigests(prefix: string): Promise<void> {
    await this.#connection.transact(
      { stores: ['digests'], mode: 'readwrite' },
      async (transaction) => {
        // No key goes on with a character behind the last one.
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
        await transaction.objectStore('digests').delete(range);
      },
    );
  }

  close(): void {
    this.#connection.close();
  }

  async #touch(key: string, usedAt: number): Promise<void> {
    await this.#connection.transact(
      // Of no great value: not worth waiting for the disk.
      { stores: ['models'], mode: 'readwrite', durability: 'relaxed' },
      async (transaction) => {
        const models = transaction.objectStore('models');
        const record = await models.get(key);
        // Another tab's clock may be ahead.
        if (record === undefined || record.usedAt >= usedAt) return;
        await models.put({ ...record, usedAt }, key);
      },
    );
  }
}
