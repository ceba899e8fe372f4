/** The connection to the database of models, and transactions that succeed or fail as a whole. */
import { completeTransaction } from '../core/complete-transaction';
import { toModelStorageError } from './model-storage-error';
import type { ModelsDatabase, ModelsStoreName, ModelsTransaction } from './models-schema';
import { openModelsDatabase } from './open-models-database';

export interface Transact<Mode extends 'readonly' | 'readwrite'> {
  readonly stores: readonly ModelsStoreName[];
  readonly mode: Mode;
  /** `strict` waits for the disk, as far as the browser can tell; `relaxed` does not. @default 'strict' */
  readonly durability?: 'strict' | 'relaxed';
}

export class ModelsConnection {
  readonly #name: string;
  #opened: Promise<ModelsDatabase> | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Runs `body` in one transaction and resolves once it is committed. When `body` throws or a
   * request fails, nothing of it stays. `body` may wait for requests of its transaction only. A
   * connection that made way for another tab is opened again.
   */
  async transact<Mode extends 'readonly' | 'readwrite', Result>(
    options: Transact<Mode>,
    body: (transaction: ModelsTransaction<Mode>) => Promise<Result>,
  ): Promise<Result> {
    try {
      const transaction = await this.#begin(options).catch((thrown: unknown) => {
        if (!isConnectionClosed(thrown)) throw thrown;
        return this.#begin(options);
      });
      return await completeTransaction(transaction, body);
    } catch (thrown) {
      throw toModelStorageError(thrown);
    }
  }

  /** Closes when the transactions that run have ended. The next call opens anew. */
  close(): void {
    const opened = this.#opened;
    this.#opened = null;
    opened?.then(
      (database) => {
        database.close();
      },
      () => undefined,
    );
  }

  async #begin<Mode extends 'readonly' | 'readwrite'>({
    stores,
    mode,
    durability = 'strict',
  }: Transact<Mode>): Promise<ModelsTransaction<Mode>> {
    const database = await this.#open();
    return database.transaction([...stores], mode, { durability });
  }

  /** A failure is not remembered: the next call tries again. */
  async #open(): Promise<ModelsDatabase> {
    const forget = (): void => {
      if (this.#opened === opened) this.#opened = null;
    };
    const opened: Promise<ModelsDatabase> = (this.#opened ??= openModelsDatabase(this.#name, () => {
      forget();
    }));
    try {
      return await opened;
    } catch (thrown) {
      forget();
      throw thrown;
    }
  }
}

/** What `transaction()` throws between the closing of a connection and its last use. */
function isConnectionClosed(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'InvalidStateError';
}
