/** The store as its worker exposes it: collections by name. */
import { pickKernel } from '../core/kernel/pick-kernel';
import { PhotoglotError } from '../errors';
import { importVectors } from '../exchange/import-vectors';
import { sendExport } from '../exchange/send-export';
import type {
  CollectionIdentity,
  CollectionSummary,
  Detail,
  ItemRecord,
  ReembedReport,
  RowProgress,
  StoreContract,
  VectorImportReport,
} from '../protocol/store-contract';
import type { ArgsOf, CallContext } from '../protocol/contract-types';
import { withTransfer } from '../protocol/transfer';
import { checkIdentity, checkQuery, checkRows } from './check-input';
import { Database } from './database';
import { HitConfidences } from './hit-confidences';
import { planDelete, planPut, planRefine, planUpdate } from './plans';
import { receiveCollection } from './receive-collection';
import { partsOf, type CollectionRecord } from './schema';
import { segmentRowsFor } from './segments';
import { cleanStaged } from './staged-collection';
import { reembedSnapshot } from './reembed-snapshot';
import { tableOf } from './row-table';
import { StoredCollection } from './stored-collection';
import { parseWhere } from './where/parse-where';

type Args<Name extends keyof StoreContract> = ArgsOf<StoreContract[Name]>;
type Context = CallContext<never>;
type ProgressContext = CallContext<RowProgress>;

/** Collections in IndexedDB. One that exists is loaded by the first call that names it. */
export class Store implements StoreContract {
  readonly #database = new Database();
  readonly #kernel = pickKernel();
  readonly #collections = new Map<string, StoredCollection>();
  readonly #confidences = new HitConfidences();
  #isCleaned = false;

  async open(identity: CollectionIdentity): Promise<CollectionSummary> {
    checkIdentity(identity);
    this.#cleanOnce();
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

  put({ collection, model, items, vectors }: Args<'put'>, { signal }: Context): Promise<void> {
    return this.#named(collection).writeOf(model, signal, (memory) => {
      checkRows(items, vectors, memory.record.dimension);
      return planPut(memory, items, vectors);
    });
  }

  refine(
    { collection, model, ids, vectors }: Args<'refine'>,
    { signal }: Context,
  ): Promise<readonly boolean[]> {
    return this.#named(collection).writeOf(model, signal, (memory) => {
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

  async export(
    { collection, request }: Args<'export'>,
    { signal, progress }: ProgressContext,
  ): Promise<void> {
    const snapshot = await this.#named(collection).snapshot();
    try {
      await sendExport({ source: snapshot, request, signal, progress });
    } finally {
      snapshot.release();
    }
  }

  importPortable(
    { collection, port, replace }: Args<'importPortable'>,
    { signal, progress }: ProgressContext,
  ): Promise<CollectionSummary> {
    const database = this.#database;
    return receiveCollection({ database, name: collection, port, replace, signal, progress });
  }

  async importVectors(
    { collection, model, request }: Args<'importVectors'>,
    { signal, progress }: ProgressContext,
  ): Promise<VectorImportReport> {
    const stored = this.#named(collection);
    const { record } = await stored.currentOf(model);
    return importVectors({
      request,
      collection: record,
      table: tableOf(stored, model, signal),
      progress,
      signal,
    });
  }

  async reembed(
    { collection, port, ...task }: Args<'reembed'>,
    { signal, progress }: ProgressContext,
  ): Promise<ReembedReport> {
    const snapshot = await this.#named(collection).snapshot();
    const database = this.#database;
    return reembedSnapshot({ ...task, database, snapshot, port, signal, progress });
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
    { collection, model, vector, limit, where, calibration = null }: Args<'search'>,
    { signal }: Context,
  ): ReturnType<StoreContract['search']> {
    const filter = parseWhere(where);
    const memory = await this.#named(collection).currentOf(model);
    const query = checkQuery(vector, limit, memory.record.dimension);
    // A scan cannot be interrupted; a query that is stale by now need not start one.
    if (signal.aborted) throw new PhotoglotError('aborted', 'The search was aborted.');
    const hits = memory.search(query, limit, filter);
    return this.#confidences.rate(memory, query, hits, calibration);
  }

  async #picture(
    store: 'thumbnails' | 'originals',
    collection: string,
    id: string,
  ): Promise<Blob | null> {
    return this.#database.transact('readonly', ['collections', store], async (transaction) => {
      const record = await transaction.objectStore('collections').get(collection);
      if (record === undefined) return null;
      return (await transaction.objectStore(store).get([partsOf(record), id])) ?? null;
    });
  }

  /** Behind the first call of a worker that opens a collection; nobody waits for it. */
  #cleanOnce(): void {
    if (this.#isCleaned) return;
    this.#isCleaned = true;
    cleanStaged(this.#database).catch(() => {
      // The next call that opens a collection tries again.
      this.#isCleaned = false;
    });
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
