/**
 * A collection that is being written and that nobody sees: its parts lie in the object stores under keys
 * of their own, and no record names them. One transaction at the end makes it a collection, by writing a
 * record that does. What a tab leaves behind that died before is found by its keys, and by the lock that
 * nobody holds any more.
 */
import { encodeVectors } from '../core/vector-codec';
import { PhotoglotError } from '../errors';
import type { PictureKind, RowBlock, RowSink } from '../exchange/row-source';
import type { CollectionIdentity, CollectionSummary, ItemRecord } from '../protocol/store-contract';
import { checkIdentity } from './check-input';
import type { Database } from './database';
import { hasLocks, holdLock, ifNotLocked } from './locks';
import {
  filesOf,
  isSameState,
  PART_STORES,
  partsOf,
  WRITE_STORES,
  type CollectionRecord,
  type CollectionState,
  type PartStoreName,
  type StoreTransaction,
} from './schema';
import type { CollectionLock } from './sealed/new-lock';
import { PLAIN_FORM } from './sealed/plain-form';
import type { StoredForm } from './sealed/stored-form';
import { segmentRowsFor } from './segments';
import { StagedFiles } from './staged-files';
import type { StoreParts } from './stored-collection';
import { emptyingWrites } from './write-change';
import { commitWrites, deleteParts, putAll, storesOf, type Put } from './writes';

/** What the keys of staged parts begin with; see `keysOf`. */
const PREFIX = 'photoglot-import:';
/** Pictures that wait to be written together. */
const MAX_WAITING_PICTURES = 64;
const MAX_WAITING_BYTES = 8 * 2 ** 20;

interface WaitingPicture {
  readonly id: string;
  readonly kind: PictureKind;
  readonly picture: Blob;
}

/** What is to become of it. */
export interface StagedOptions {
  readonly parts: StoreParts;
  readonly identity: CollectionIdentity;
  /**
   * Of which collection of that name it may take the place; of a given state, it has to be there and be
   * in that state still.
   */
  readonly replaces: 'none' | 'any' | CollectionState;
  /** Null for a plain one, which takes the place of a plain one only. */
  readonly lock: CollectionLock | null;
}

export class StagedCollection implements RowSink {
  readonly #store: StoreParts;
  readonly #identity: CollectionIdentity;
  readonly #parts: string;
  readonly #files: StagedFiles;
  readonly #replaces: StagedOptions['replaces'];
  readonly #lock: CollectionLock | null;
  readonly #form: StoredForm;
  readonly #letGo: () => void;
  readonly #segmentRows: number;
  /** The rows of the segment that is not full yet. */
  readonly #vectors: Float32Array<ArrayBuffer>;
  #items: ItemRecord[] = [];
  #segments = 0;
  #pictures: WaitingPicture[] = [];
  #pictureBytes = 0;

  private constructor(
    { parts: store, identity, replaces, lock }: StagedOptions,
    parts: string,
    letGo: () => void,
  ) {
    this.#store = store;
    this.#identity = identity;
    this.#replaces = replaces;
    this.#lock = lock;
    this.#form = lock?.form ?? PLAIN_FORM;
    this.#parts = parts;
    this.#letGo = letGo;
    this.#segmentRows = segmentRowsFor(identity.dimension);
    this.#vectors = new Float32Array(this.#segmentRows * identity.dimension);
    const { dimension } = identity;
    const segments = { parts, dimension, segmentRows: this.#segmentRows, form: this.#form };
    this.#files = new StagedFiles(store, segments);
  }

  /**
   * Begins one, which has to be committed or discarded. Throws `already-exists` when the name is taken and
   * may not be.
   */
  static async begin(options: StagedOptions): Promise<StagedCollection> {
    const { identity, replaces, lock } = options;
    const { database } = options.parts;
    checkIdentity(identity);
    // Asked again at the end; but then all the work was in vain.
    const existing = await database.query((opened) => opened.get('collections', identity.name));
    if (replaces === 'none' && existing !== undefined) throw alreadyExists(identity.name);
    checkStaysEncrypted(existing, lock);
    const parts = `${PREFIX}${crypto.randomUUID()}`;
    return new StagedCollection(options, parts, await holdLock(parts));
  }

  async putRows({ items, vectors }: RowBlock): Promise<void> {
    const { dimension } = this.#identity;
    for (const [index, item] of items.entries()) {
      const start = index * dimension;
      this.#vectors.set(vectors.subarray(start, start + dimension), this.#items.length * dimension);
      this.#items.push(item);
      if (this.#items.length === this.#segmentRows) await this.#writeSegment();
    }
  }

  async putPicture(id: string, kind: PictureKind, picture: Blob): Promise<void> {
    this.#pictures.push({ id, kind, picture });
    this.#pictureBytes += picture.size;
    const isEnough =
      this.#pictures.length >= MAX_WAITING_PICTURES || this.#pictureBytes >= MAX_WAITING_BYTES;
    if (isEnough) await this.#writePictures();
  }

  /** Throws what {@link commit} would, as things are now, of what it is to replace. */
  async checkReplaceable(): Promise<void> {
    const { name } = this.#identity;
    const existing = await this.#store.database.query((opened) => opened.get('collections', name));
    checkReplaceable(existing, name, this.#replaces);
    checkStaysEncrypted(existing, this.#lock);
  }

  /**
   * Throws `already-exists` when the name is taken and may not be, and `in-use` when what it replaces has
   * changed; it is still staged then.
   */
  async commit(): Promise<CollectionSummary> {
    await this.#writePictures();
    const rows = this.#segments * this.#segmentRows + this.#items.length;
    await this.#files.packRest(this.#segments);
    if (this.#items.length > 0) await this.#writeSegment();
    const { name, model, dimension } = this.#identity;
    const { files, firstSegment } = this.#files;
    const replaced = await this.#store.database.transact(
      'readwrite',
      WRITE_STORES,
      async (transaction) => {
        const existing = await transaction.objectStore('collections').get(name);
        checkReplaceable(existing, name, this.#replaces);
        checkStaysEncrypted(existing, this.#lock);
        const record: CollectionRecord = {
          ...{ name, model, dimension, count: rows, rows, segmentRows: this.#segmentRows },
          ...{ files, firstSegment, storedAs: this.#parts },
          revision: (existing?.revision ?? -1) + 1,
          generation: crypto.randomUUID(),
          incarnation: crypto.randomUUID(),
          ...(this.#lock === null ? {} : { encryption: this.#lock.record }),
        };
        const none = { deletions: [], puts: [] };
        const writes = existing === undefined ? none : emptyingWrites(partsOf(existing));
        await commitWrites(transaction, name, record, writes);
        return existing === undefined ? [] : filesOf(existing);
      },
    );
    this.#files.keep();
    this.#letGo();
    await this.#store.packs.remove(replaced);
    return {
      ...{ name, model, dimension, count: rows },
      ...(this.#lock === null ? {} : { encrypted: true }),
    };
  }

  /** Deletes what was written. Never rejects: what it leaves, {@link cleanStaged} deletes. */
  async discard(): Promise<void> {
    await this.#store.database
      .transact('readwrite', WRITE_STORES, (transaction) => deleteParts(transaction, this.#parts))
      .catch(() => undefined);
    await this.#files.discard();
    this.#letGo();
  }

  async #writeSegment(): Promise<void> {
    const key: [string, number] = [this.#parts, this.#segments];
    const { dimension } = this.#identity;
    const data = this.#vectors.subarray(0, this.#items.length * dimension);
    await this.#put([
      { store: 'vectors', key, value: encodeVectors({ data, dimension }) },
      { store: 'items', key, value: this.#items },
    ]);
    this.#segments++;
    this.#items = [];
    await this.#files.packFull(this.#segments);
  }

  async #writePictures(): Promise<void> {
    const pictures = this.#pictures;
    if (pictures.length === 0) return;
    await this.#put(
      pictures.map(({ id, kind, picture }): Put => {
        const store = kind === 'thumbnail' ? 'thumbnails' : 'originals';
        return { store, key: [this.#parts, id], value: picture };
      }),
    );
    this.#pictures = [];
    this.#pictureBytes = 0;
  }

  async #put(puts: readonly Put[]): Promise<void> {
    const sealed = await this.#form.seal({ deletions: [], puts });
    await this.#store.database.transact('readwrite', storesOf(sealed), (transaction) =>
      putAll(transaction, sealed.puts),
    );
  }
}

function checkReplaceable(
  existing: CollectionRecord | undefined,
  name: string,
  replaces: StagedOptions['replaces'],
): void {
  if (replaces === 'any') return;
  if (replaces === 'none') {
    if (existing !== undefined) throw alreadyExists(name);
    return;
  }
  if (existing !== undefined && isSameState(existing, replaces)) return;
  throw new PhotoglotError(
    'in-use',
    `The collection "${name}" was changed while it was to be replaced; it is as that change left it. Try again.`,
  );
}

/** Nothing that was encrypted becomes plain unasked. */
function checkStaysEncrypted(
  existing: CollectionRecord | undefined,
  lock: CollectionLock | null,
): void {
  if (existing?.encryption === undefined || lock !== null) return;
  throw new PhotoglotError(
    'key-required',
    `The collection "${existing.name}" is encrypted: give what takes its place a passphrase or key ` +
      '(encryption), or drop it first.',
  );
}

function alreadyExists(name: string): PhotoglotError {
  return new PhotoglotError(
    'already-exists',
    `There is a collection "${name}" already: choose another name, drop it, or replace it.`,
  );
}

/** Deletes what tabs that died left behind. What a tab is writing at the moment stays. */
export async function cleanStaged(database: Database): Promise<void> {
  // Without locks nobody knows whether somebody is still at it.
  if (!hasLocks()) return;
  const staged = await database.transact('readonly', WRITE_STORES, unreferencedParts);
  for (const parts of staged) {
    await ifNotLocked(parts, () =>
      database.transact('readwrite', WRITE_STORES, async (transaction) => {
        // It may have become a collection before the lock was let go.
        const still = await unreferencedParts(transaction);
        if (still.includes(parts)) await deleteParts(transaction, parts);
      }),
    );
  }
}

/** What begins keys of parts that no record names. Jumps from one to the next: few keys are read. */
async function unreferencedParts<Mode extends 'readonly' | 'readwrite'>(
  transaction: StoreTransaction<Mode>,
): Promise<string[]> {
  const records: readonly CollectionRecord[] = await transaction
    .objectStore('collections')
    .getAll();
  const referenced = new Set(records.map(partsOf));
  const found = new Set<string>();
  const range = IDBKeyRange.bound([PREFIX], [`${PREFIX}\uffff`]);
  for (const store of PART_STORES) {
    let cursor = await transaction.objectStore<PartStoreName>(store).openKeyCursor(range);
    while (cursor !== null) {
      // All of these stores have keys that start so.
      const [parts] = cursor.key as [string, unknown];
      found.add(parts);
      // Behind all keys of these parts, as of `keysOf`.
      const next: IDBValidKey = [parts, []];
      cursor = await cursor.continue(next as never);
    }
  }
  return [...found].filter((parts) => !referenced.has(parts));
}
