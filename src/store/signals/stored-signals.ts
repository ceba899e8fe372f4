/** Reads the signals of items from the database. */
import type { Database } from '../database';
import type { SignalSource } from '../query/signal-source';
import { keysOf, partsOf, type CollectionRecord, type SignalStoreName } from '../schema';
import type { OpenVaults } from '../sealed/open-vaults';
import type { StoreParts } from '../stored-collection';

export class StoredSignals implements SignalSource {
  readonly #database: Database;
  readonly #vaults: OpenVaults;

  constructor({ database, vaults }: Pick<StoreParts, 'database' | 'vaults'>) {
    this.#database = database;
    this.#vaults = vaults;
  }

  lexical(
    record: CollectionRecord,
    ids: readonly string[],
  ): Promise<readonly (ArrayBuffer | null)[]> {
    return this.#read('sparse', record, ids);
  }

  tokens(
    record: CollectionRecord,
    ids: readonly string[],
  ): Promise<readonly (ArrayBuffer | null)[]> {
    return this.#read('tokens', record, ids);
  }

  async #read(
    store: SignalStoreName,
    record: CollectionRecord,
    ids: readonly string[],
  ): Promise<readonly (ArrayBuffer | null)[]> {
    const parts = partsOf(record);
    // Asking for each takes its time, and most collections have none.
    const any = await this.#database.query((opened) => opened.getKey(store, keysOf(parts)));
    if (any === undefined) return ids.map(() => null);
    const form = await this.#vaults.formOf(record);
    const keys = await Promise.all(
      ids.map(async (id): Promise<[string, string]> => [parts, await form.nameOf(id)]),
    );
    const stored = await this.#database.transact('readonly', [store], (transaction) =>
      Promise.all(keys.map((key) => transaction.objectStore(store).get(key))),
    );
    return Promise.all(
      keys.map(async (key, place) => {
        const value = stored[place];
        return value === undefined ? null : form.signal(store, key, value);
      }),
    );
  }
}
