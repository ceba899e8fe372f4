/** The connection to the database, and transactions that succeed or fail as a whole. */
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
      return await completed(transaction, body);
    } catch (thrown) {
      throw toStorageError(thrown);
    }
  }
}

async function completed<Mode extends IDBTransactionMode, Result>(
  transaction: StoreTransaction<Mode>,
  body: (transaction: StoreTransaction<Mode>) => Promise<Result>,
): Promise<Result> {
  const end = transaction.done.then(
    () => ({ ok: true as const }),
    (reason: unknown) => ({ ok: false as const, reason }),
  );
  let result: Result;
  try {
    result = await body(transaction);
  } catch (thrown) {
    rollBack(transaction);
    await end;
    // When the disk is full a request may fail with a vaguer error than its transaction.
    throw transaction.error?.name === 'QuotaExceededError' ? transaction.error : thrown;
  }
  const ended = await end;
  if (!ended.ok) throw ended.reason;
  return result;
}

function rollBack(transaction: StoreTransaction<IDBTransactionMode>): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already: a failed request rolls back by itself.
  }
}
