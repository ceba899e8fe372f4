/** The store as its worker exposes it: collections by name. */
import { pickKernel } from '../core/kernel/pick-kernel';
import { PhotoglotError } from '../errors';
import type {
  CollectionIdentity,
  CollectionSummary,
  Detail,
  ItemRecord,
  StoreContract,
} from '../protocol/store-contract';
import type { ArgsOf, CallContext } from '../protocol/contract-types';
import { withTransfer } from '../protocol/transfer';
import { checkIdentity, checkQuery, checkRows } from './check-input';
import { Database } from './database';
import { planDelete, planPut, planRefine, planUpdate } from './plans';
import type { CollectionRecord } from './schema';
import { segmentRowsFor } from './segments';
import { StoredCollection } from './stored-collection';
import { compileWhere } from './where';

type Args<Name extends keyof StoreContract> = ArgsOf<StoreContract[Name]>;
type Context = CallContext<never>;

/** Collections in IndexedDB. One that exists is loaded by the first call that names it. */
export class Store implements StoreContract {
  readonly #database = new Database();
  readonly #kernel = pickKernel();
  readonly #collections = new Map<string, StoredCollection>();

  async open(identity: CollectionIdentity): Promise<CollectionSummary> {
    checkIdentity(identity);
    const memory = await this.#named(identity.name).create(newRecord(identity));
    return summaryOf(memory.record);
  }

  async collections(): Promise<readonly CollectionSummary[]> {
    const records = await this.#database.query((database) => database.getAll('collections'));
    return records.map(summaryOf);
  }

  drop({ collection }: Args<'drop'>): Promise<void> {
    return this.#named(collection).drop();
  }

  put({ collection, items, vectors }: Args<'put'>, { signal }: Context): Promise<void> {
    return this.#named(collection).write(signal, (memory) => {
      checkRows(items, vectors, memory.record.dimension);
      return planPut(memory, items, vectors);
    });
  }

  refine(
    { collection, ids, vectors }: Args<'refine'>,
    { signal }: Context,
  ): Promise<readonly boolean[]> {
    return this.#named(collection).write(signal, (memory) => {
      const items = ids.map((id) => ({ id }));
      checkRows(items, vectors, memory.record.dimension);
      return planRefine(memory, ids, vectors);
    });
  }

  async details({ collection, ids }: Args<'details'>): Promise<readonly (Detail | null)[]> {
    const memory = await this.#named(collection).current();
    return ids.map((id) => memory.detailOf(id));
  }

  async get({ collection, id }: Args<'get'>): Promise<ItemRecord | null> {
    return (await this.#named(collection).current()).get(id);
  }

  async vector({ collection, id }: Args<'vector'>): Promise<Float32Array<ArrayBuffer> | null> {
    const vector = (await this.#named(collection).current()).vector(id);
    return vector === null ? null : withTransfer(vector, [vector.buffer]);
  }

  thumbnail({ collection, id }: Args<'thumbnail'>): Promise<Blob | null> {
    return this.#picture('thumbnails', collection, id);
  }

  original({ collection, id }: Args<'original'>): Promise<Blob | null> {
    return this.#picture('originals', collection, id);
  }

  update({ collection, ...change }: Args<'update'>, { signal }: Context): Promise<boolean> {
    return this.#named(collection).write(signal, (memory) => planUpdate(memory, change));
  }

  delete({ collection, ids }: Args<'delete'>, { signal }: Context): Promise<number> {
    return this.#named(collection).write(signal, (memory) => planDelete(memory, ids));
  }

  clear({ collection }: Args<'clear'>): Promise<void> {
    return this.#named(collection).clear();
  }

  async count({ collection }: Args<'count'>): Promise<number> {
    return (await this.#named(collection).current()).count;
  }

  async ids({ collection }: Args<'ids'>): Promise<readonly string[]> {
    return (await this.#named(collection).current()).ids();
  }

  async search(
    { collection, vector, limit, where }: Args<'search'>,
    { signal }: Context,
  ): ReturnType<StoreContract['search']> {
    const accept = compileWhere(where);
    const memory = await this.#named(collection).current();
    const query = checkQuery(vector, limit, memory.record.dimension);
    // A scan cannot be interrupted; a query that is stale by now need not start one.
    if (signal.aborted) throw new PhotoglotError('aborted', 'The search was aborted.');
    return memory.search(query, limit, accept);
  }

  async #picture(
    store: 'thumbnails' | 'originals',
    collection: string,
    id: string,
  ): Promise<Blob | null> {
    const key: [string, string] = [collection, id];
    return (await this.#database.query((database) => database.get(store, key))) ?? null;
  }

  #named(name: string): StoredCollection {
    const known = this.#collections.get(name);
    if (known !== undefined) return known;
    const created = new StoredCollection(name, this.#database, this.#kernel);
    this.#collections.set(name, created);
    return created;
  }
}

function newRecord({ name, dimension, model }: CollectionIdentity): CollectionRecord {
  return {
    name,
    dimension,
    model,
    count: 0,
    rows: 0,
    segmentRows: segmentRowsFor(dimension),
    revision: 0,
    generation: crypto.randomUUID(),
  };
}

function summaryOf({ name, dimension, model, count }: CollectionRecord): CollectionSummary {
  return { name, dimension, model, count };
}
