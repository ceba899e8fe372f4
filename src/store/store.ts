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
  OpenedCollection,
  ReembedReport,
  RowProgress,
  StoreContract,
  VectorImportReport,
} from '../protocol/store-contract';
import type { ArgsOf, CallContext } from '../protocol/contract-types';
import type { Encryption } from '../protocol/encryption';
import type { IntegrityProgress, IntegrityReport } from '../protocol/integrity';
import type { QueryResult } from '../protocol/store-query';
import { withTransfer } from '../protocol/transfer';
import { checkIdentity, checkQuery, checkRows } from './check-input';
import { Database } from './database';
import { HitConfidences } from './hit-confidences';
import { verifyCollection } from './integrity/verify-collection';
import { PackFiles } from './pack-files';
import { PACKING_LIMITS, type PackingLimits } from './packing-limits';
import { planDelete, planPut, planRefine, planUpdate } from './plans';
import { Queries } from './query/queries';
import { receiveCollection } from './receive-collection';
import { partsOf, type CollectionRecord } from './schema';
import { changeKey } from './sealed/change-key';
import { createKeyRecord } from './sealed/key-record';
import { newLock } from './sealed/new-lock';
import { OpenVaults } from './sealed/open-vaults';
import type { PictureStore } from './sealed/stored-form';
import { segmentRowsFor } from './segments';
import { cleanStaged } from './staged-collection';
import { reembedSnapshot } from './reembed-snapshot';
import { tableOf } from './row-table';
import { StoredSignals } from './signals/stored-signals';
import { StoredCollection, type StoreParts } from './stored-collection';
import { parseWhere } from './where/parse-where';

type Args<Name extends keyof StoreContract> = ArgsOf<StoreContract[Name]>;
type Context = CallContext<never>;
type ProgressContext = CallContext<RowProgress>;

/**
 * Collections in IndexedDB, large ones with packed files beside it. One that exists is loaded by the first
 * call that names it.
 */
export class Store implements StoreContract {
  readonly #database = new Database();
  readonly #parts: StoreParts;
  readonly #collections = new Map<string, StoredCollection>();
  readonly #confidences = new HitConfidences();
  readonly #queries: Queries;
  #isCleaned = false;

  /** @param limits of packing */
  constructor(limits: PackingLimits = PACKING_LIMITS) {
    const database = this.#database;
    this.#parts = {
      database,
      packs: new PackFiles(database),
      vaults: new OpenVaults(),
      kernel: pickKernel(),
      limits,
    };
    this.#queries = new Queries(this.#confidences, new StoredSignals(this.#parts));
  }

  async open({ encryption = null, ...identity }: Args<'open'>): Promise<OpenedCollection> {
    checkIdentity(identity);
    this.#cleanOnce();
    const { vaults } = this.#parts;
    const existing = await this.#find(identity.name);
    const made =
      existing === null && encryption !== null ? await createKeyRecord(encryption) : null;
    const initial = { ...newRecord(identity), ...(made !== null && { encryption: made.record }) };
    let owner = null as CryptoKey | null;
    const record = await this.#named(identity.name).create(initial, async (found) => {
      // Another tab may have been first.
      if (made === null || found !== initial) owner = await vaults.open(found, encryption);
      else owner = vaults.add(identity.name, made.record, made.keys);
    });
    return { ...summaryOf(record), ...(owner !== null && { key: owner }) };
  }

  unlock({ collection, key }: Args<'unlock'>): Promise<void> {
    return this.#parts.vaults.reopen(() => this.#find(collection), key);
  }

  changeKey({ collection, from, to }: Args<'changeKey'>): Promise<void> {
    return changeKey(this.#database, collection, from, to);
  }

  async verify(
    { collection: name, repair, encryption = null }: Args<'verify'>,
    { signal, progress }: CallContext<IntegrityProgress>,
  ): Promise<IntegrityReport> {
    await this.#unlocked(name, encryption);
    return verifyCollection({ ...this.#parts, name, repair, signal, progress });
  }

  async collections(): Promise<readonly CollectionSummary[]> {
    const records = await this.#database.query((database) => database.getAll('collections'));
    return records.map(summaryOf);
  }

  drop({ collection }: Args<'drop'>): Promise<void> {
    return this.#named(collection).drop();
  }

  put({ collection, model, items, vectors }: Args<'put'>, { signal }: Context): Promise<void> {
    return this.#named(collection).writeOf(model, signal, async (memory) => {
      checkRows(items, vectors, memory.record.dimension);
      return planPut(memory, items, vectors);
    });
  }

  refine(
    { collection, model, ids, vectors }: Args<'refine'>,
    { signal }: Context,
  ): Promise<readonly boolean[]> {
    return this.#named(collection).writeOf(model, signal, async (memory) => {
      const items = ids.map((id) => ({ id }));
      checkRows(items, vectors, memory.record.dimension);
      return planRefine(memory, ids, vectors);
    });
  }

  details({ collection, ids }: Args<'details'>): Promise<readonly (Detail | null)[]> {
    return this.#named(collection).read((memory) => memory.details(ids));
  }

  get({ collection, id }: Args<'get'>): Promise<ItemRecord | null> {
    return this.#named(collection).read((memory) => memory.get(id));
  }

  async vector({ collection, id }: Args<'vector'>): Promise<Float32Array<ArrayBuffer> | null> {
    const vector = await this.#named(collection).read((memory) => memory.vector(id));
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

  async importPortable(
    { collection: name, port, replace, encryption = null }: Args<'importPortable'>,
    { signal, progress }: ProgressContext,
  ): Promise<CollectionSummary> {
    const parts = this.#parts;
    const lock = encryption === null ? null : await newLock(encryption);
    return receiveCollection({ parts, name, port, replace, lock, signal, progress });
  }

  async importVectors(
    { collection: name, model, request }: Args<'importVectors'>,
    { signal, progress }: ProgressContext,
  ): Promise<VectorImportReport> {
    const stored = this.#named(name);
    const collection = await stored.readOf(model, ({ record }) => Promise.resolve(record));
    return importVectors({
      request,
      collection,
      table: tableOf(stored, model, signal),
      progress,
      signal,
    });
  }

  async reembed(
    { collection, port, encryption = null, ...task }: Args<'reembed'>,
    { signal, progress }: ProgressContext,
  ): Promise<ReembedReport> {
    await this.#unlocked(collection, encryption);
    const snapshot = await this.#named(collection).snapshot();
    return reembedSnapshot({ ...task, parts: this.#parts, snapshot, port, signal, progress });
  }

  clear({ collection }: Args<'clear'>): Promise<void> {
    return this.#named(collection).clear();
  }

  count({ collection }: Args<'count'>): Promise<number> {
    return this.#named(collection).read(({ count }) => Promise.resolve(count));
  }

  async ids({ collection }: Args<'ids'>): Promise<readonly string[]> {
    const snapshot = await this.#named(collection).snapshot();
    try {
      return await snapshot.ids();
    } finally {
      snapshot.release();
    }
  }

  async search(
    { collection, model, vector, limit, where, calibration = null }: Args<'search'>,
    { signal }: Context,
  ): ReturnType<StoreContract['search']> {
    const filter = parseWhere(where);
    return this.#named(collection).readOf(model, async (memory) => {
      const query = checkQuery(vector, limit, memory.record.dimension);
      // A scan cannot be interrupted; a query that is stale by now need not start one.
      if (signal.aborted) throw new PhotoglotError('aborted', 'The search was aborted.');
      const hits = await memory.search(query, limit, filter);
      return this.#confidences.rate(memory, query, hits, calibration);
    });
  }

  query({ collection, model, ...query }: Args<'query'>, { signal }: Context): Promise<QueryResult> {
    return this.#named(collection).readOf(model, (memory) =>
      this.#queries.answer(memory, query, signal),
    );
  }

  page({ collection, model, ...page }: Args<'page'>): Promise<QueryResult | null> {
    return this.#named(collection).readOf(model, (memory) => this.#queries.readPage(memory, page));
  }

  async #picture(store: PictureStore, collection: string, id: string): Promise<Blob | null> {
    const record = await this.#find(collection);
    if (record === null) return null;
    const form = await this.#parts.vaults.formOf(record);
    const key: [string, string] = [partsOf(record), await form.nameOf(id)];
    const picture = await this.#database.query((database) => database.get(store, key));
    return picture === undefined ? null : form.picture(store, key, picture);
  }

  async #find(name: string): Promise<CollectionRecord | null> {
    return (await this.#database.query((database) => database.get('collections', name))) ?? null;
  }

  /** Opens an encrypted collection that is not open yet; without a key of no effect. */
  async #unlocked(name: string, encryption: Encryption | null): Promise<void> {
    const record = encryption === null ? null : await this.#find(name);
    if (record !== null) await this.#parts.vaults.open(record, encryption);
  }

  /** Behind the first call of a worker that opens a collection; nobody waits for it. */
  #cleanOnce(): void {
    if (this.#isCleaned) return;
    this.#isCleaned = true;
    const { database, packs } = this.#parts;
    Promise.all([cleanStaged(database), packs.clean()]).catch(() => {
      // The next call that opens a collection tries again.
      this.#isCleaned = false;
    });
  }

  #named(name: string): StoredCollection {
    const known = this.#collections.get(name);
    if (known !== undefined) return known;
    const created = new StoredCollection(name, this.#parts);
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
    incarnation: crypto.randomUUID(),
  };
}

function summaryOf(record: CollectionRecord): CollectionSummary {
  const { name, dimension, model, count, encryption } = record;
  return { name, dimension, model, count, ...(encryption !== undefined && { encrypted: true }) };
}
