/** The connection to the database, and transactions that succeed or fail as a whole. */
import { completeTransaction } from '../core/complete-transaction';
import { openDatabase } from './open-database';
import type { StoreDatabase, StoreName, StoreTransaction } from './schema';
import { toStorageError } from './storage-error';

export class Database {
  #opened: Promise<StoreDatabase> | null = null;

  /** The open connection. A failure is not remembered: the next call tries again. */
  async #connect(): Promise<StoreDatabase> {
    const opened = (this.#opened ??= openDatabase(() => {
      this.#opened = null;
    }));
    try {
      return await opened;
    } catch (thrown) {
      if (this.#opened === opened) this.#opened = null;
      throw toStorageError(thrown);
    }
  }

  /** Runs one request; its failure comes as a `PhotoglotError`. */
  async query<Result>(request: (database: StoreDatabase) => Promise<Result>): Promise<Result> {
    const database = await this.#connect();
    try {
      return await request(database);
    } catch (thrown) {
      throw toStorageError(thrown);
    }
  }

  /**
   * Runs `body` in one transaction, and resolves once it is committed; for a write that means
   * flushed to the disk, as far as the browser can tell. When `body` throws or a request fails,
   * nothing of it stays. `body` may wait for requests of its transaction only.
   */
  async transact<Mode extends 'readonly' | 'readwrite', Result>(
    mode: Mode,
    stores: StoreName[],
    body: (transaction: StoreTransaction<Mode>) => Promise<Result>,
  ): Promise<Result> {
    const database = await this.#connect();
    try {
      // Chromium's default tells of a commit before the disk has it.
      const transaction = database.transaction(stores, mode, { durability: 'strict' });
      return await completeTransaction(transaction, body);
    } catch (thrown) {
      throw toStorageError(thrown);
    }
  }
}
