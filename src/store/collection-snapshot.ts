/** A collection as it was at one moment, to be read while it changes. */
import { NEVER } from '../core/never';
import { Turns } from '../core/turns';
import { PhotoglotError } from '../errors';
import type { ItemPictures, RowBlock, RowSource } from '../exchange/row-source';
import type { ItemRecord } from '../protocol/store-contract';
import type { Bitset } from '../core/bitset';
import type { CollectionMemory } from './collection-memory';
import type { Database } from './database';
import type { HeldRows } from './packed/packed-rows';
import {
  keysOf,
  partsOf,
  type CollectionRecord,
  type CollectionState,
  type StoreTransaction,
} from './schema';
import type { KeyRecord } from './sealed/key-record';
import type { PictureStore, StoredForm } from './sealed/stored-form';

/** Vectors of a block; one row at least. */
const BLOCK_BYTES = 2 ** 20;
const MAX_BLOCK_ROWS = 512;

/** Where a snapshot's pictures are, and in what form. */
interface PictureSource {
  readonly database: Database;
  readonly form: StoredForm;
}

interface LogRow {
  readonly row: number;
  readonly item: ItemRecord;
}

export class CollectionSnapshot implements RowSource {
  readonly #memory: CollectionMemory;
  readonly #record: CollectionRecord;
  /** Those of the packed rows that live; null without any. */
  readonly #packed: Bitset | null;
  /** What died since may be missing in other files. */
  readonly #held: HeldRows | null;
  readonly #log: readonly LogRow[];
  readonly #source: PictureSource;
  readonly #onRelease: () => void;
  #isReleased = false;

  /**
   * @param memory kept until the snapshot is released; it may grow, and rows may die
   */
  constructor(memory: CollectionMemory, source: PictureSource, onRelease: () => void) {
    this.#memory = memory;
    this.#record = memory.record;
    this.#source = source;
    this.#onRelease = onRelease;
    this.#packed = memory.packed?.live ?? null;
    this.#held = memory.packed?.hold() ?? null;
    const { log } = memory;
    this.#log = log.liveRows().flatMap((row) => {
      const item = log.itemAt(row);
      return item === null ? [] : [{ row, item }];
    });
  }

  get name(): string {
    return this.#record.name;
  }

  get model(): string {
    return this.#record.model;
  }

  get dimension(): number {
    return this.#record.dimension;
  }

  get count(): number {
    return (this.#packed?.count() ?? 0) + this.#log.length;
  }

  /** That of the collection when it was made. */
  get state(): CollectionState {
    return this.#record;
  }

  /** The form in which the collection lies on the disk. */
  get form(): StoredForm {
    return this.#source.form;
  }

  /** Null for a plain collection. */
  get encryption(): KeyRecord | null {
    return this.#record.encryption ?? null;
  }

  /** In the order in which they were put, or moved to packed files. Rejects with `storage`. */
  async ids(): Promise<string[]> {
    const ids: string[] = [];
    const turns = new Turns();
    for (const rows of this.#packedRows()) {
      for (const { id } of await this.#packedItems(rows)) ids.push(id);
      await turns.next(NEVER);
    }
    for (const { item } of this.#log) ids.push(item.id);
    return ids;
  }

  async *blocks(): AsyncGenerator<RowBlock, void> {
    const turns = new Turns();
    for (const rows of this.#packedRows()) {
      if (this.#held === null) break;
      const [items, vectors] = await Promise.all([
        this.#packedItems(rows),
        this.#held.rows.vectors(rows),
      ]);
      yield { items, vectors };
      await turns.next(NEVER);
    }
    const size = this.#blockRows();
    for (let first = 0; first < this.#log.length; first += size) {
      yield this.#logBlock(this.#log.slice(first, first + size));
    }
  }

  async pictures(ids: readonly string[]): Promise<readonly ItemPictures[]> {
    const { database, form } = this.#source;
    const names = await Promise.all(ids.map((id) => form.nameOf(id)));
    const stored = await database.transact(
      'readonly',
      ['collections', 'thumbnails', 'originals'],
      (transaction) => this.#stored(transaction, names),
    );
    const parts = partsOf(this.#record);
    const open = (store: PictureStore, place: number): Promise<Blob> | null => {
      const picture = stored[store][place];
      const name = names[place] ?? '';
      return picture === undefined ? null : form.picture(store, [parts, name], picture);
    };
    return Promise.all(
      ids.map(async (_, place) => ({
        thumbnail: await open('thumbnails', place),
        original: await open('originals', place),
      })),
    );
  }

  /** Lets go of the rows: nothing can be read any more. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#held?.release();
    this.#onRelease();
  }

  /** The pictures of these names as they lie there. Throws `in-use`. */
  async #stored(
    transaction: StoreTransaction<'readonly'>,
    names: readonly string[],
  ): Promise<Record<PictureStore, readonly (Blob | undefined)[]>> {
    const { name, incarnation } = this.#record;
    const parts = partsOf(this.#record);
    // Of a collection that was cleared, dropped or replaced meanwhile, the pictures are gone; those of the
    // same ids that were put since belong to other items.
    const record = await transaction.objectStore('collections').get(name);
    if (record === undefined || record.incarnation !== incarnation) throw changedError(name);
    const read = async (store: PictureStore): Promise<(Blob | undefined)[]> => {
      const pictures = transaction.objectStore(store);
      // Asking for each takes its time, and many collections have none.
      const hasAny = (await pictures.getKey(keysOf(parts))) !== undefined;
      return hasAny ? Promise.all(names.map((each) => pictures.get([parts, each]))) : [];
    };
    const [thumbnails, originals] = await Promise.all([read('thumbnails'), read('originals')]);
    return { thumbnails, originals };
  }

  async #packedItems(rows: Uint32Array): Promise<ItemRecord[]> {
    const items = (await this.#held?.rows.items(rows)) ?? [];
    return items.map((item, index) => {
      if (item !== null) return item;
      throw new PhotoglotError(
        'storage',
        `The collection is damaged: row ${rows[index] ?? 0} of its packed files is said to live, and has no item.`,
      );
    });
  }

  #blockRows(): number {
    const rowBytes = this.dimension * Float32Array.BYTES_PER_ELEMENT;
    return Math.min(MAX_BLOCK_ROWS, Math.max(1, Math.floor(BLOCK_BYTES / rowBytes)));
  }

  /** The numbers of the packed rows, block by block. */
  *#packedRows(): Generator<Uint32Array, void> {
    if (this.#packed === null) return;
    const size = this.#blockRows();
    let rows: number[] = [];
    for (let first = 0; first < this.#packed.length; first += size) {
      this.#checkHeld();
      this.#packed.forEach((row) => rows.push(row), first, first + size);
      if (rows.length > 0) yield Uint32Array.from(rows);
      rows = [];
    }
  }

  #logBlock(rows: readonly LogRow[]): RowBlock {
    this.#checkHeld();
    const { dimension } = this;
    const vectors = new Float32Array(rows.length * dimension);
    rows.forEach(({ row }, place) => {
      vectors.set(this.#memory.log.slice(row, row + 1).vectors, place * dimension);
    });
    return { items: rows.map(({ item }) => item), vectors };
  }

  #checkHeld(): void {
    if (this.#isReleased) throw new PhotoglotError('internal', 'The snapshot was released.');
  }
}

function changedError(name: string): PhotoglotError {
  return new PhotoglotError(
    'in-use',
    `The collection "${name}" was cleared, dropped or replaced while it was read: its pictures are no ` +
      'longer those of the items that were read. Begin again.',
  );
}
