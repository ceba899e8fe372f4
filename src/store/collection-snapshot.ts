/** A collection as it was at one moment, to be read while it changes. */
import { PhotoglotError } from '../errors';
import type { ItemPictures, RowBlock, RowSource } from '../exchange/row-source';
import type { ItemRecord } from '../protocol/store-contract';
import type { CollectionMemory } from './collection-memory';
import type { Database } from './database';
import { keysOf, partsOf, type CollectionRecord, type CollectionState } from './schema';

/** Vectors of a block; one row at least. */
const BLOCK_BYTES = 2 ** 20;
const MAX_BLOCK_ROWS = 512;

interface LiveRow {
  readonly row: number;
  readonly item: ItemRecord;
}

export class CollectionSnapshot implements RowSource {
  readonly #memory: CollectionMemory;
  readonly #record: CollectionRecord;
  readonly #rows: readonly LiveRow[];
  readonly #database: Database;
  readonly #onRelease: () => void;
  #isReleased = false;

  /**
   * @param memory whose rows keep their places until the snapshot is released; it may grow, and rows may
   *   die
   */
  constructor(memory: CollectionMemory, database: Database, onRelease: () => void) {
    this.#memory = memory;
    this.#record = memory.record;
    this.#database = database;
    this.#onRelease = onRelease;
    this.#rows = memory.liveRows().flatMap((row) => {
      const item = memory.itemAt(row);
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
    return this.#rows.length;
  }

  /** That of the collection when it was made. */
  get state(): CollectionState {
    return this.#record;
  }

  *blocks(): Generator<RowBlock, void> {
    const rowBytes = this.dimension * Float32Array.BYTES_PER_ELEMENT;
    const size = Math.min(MAX_BLOCK_ROWS, Math.max(1, Math.floor(BLOCK_BYTES / rowBytes)));
    for (let first = 0; first < this.count; first += size) {
      yield this.#block(this.#rows.slice(first, first + size));
    }
  }

  async pictures(ids: readonly string[]): Promise<readonly ItemPictures[]> {
    const { name, generation } = this.#record;
    const parts = partsOf(this.#record);
    return this.#database.transact(
      'readonly',
      ['collections', 'thumbnails', 'originals'],
      async (transaction) => {
        // Of a collection that was cleared, dropped or replaced meanwhile, the pictures are gone; those
        // of the same ids that were put since belong to other items.
        const record = await transaction.objectStore('collections').get(name);
        if (record?.generation !== generation) throw collectionChanged(name);
        const read = async (store: 'thumbnails' | 'originals'): Promise<(Blob | null)[]> => {
          const pictures = transaction.objectStore(store);
          // Asking for each takes its time, and many collections have none.
          const hasAny = (await pictures.getKey(keysOf(parts))) !== undefined;
          if (!hasAny) return ids.map(() => null);
          return Promise.all(ids.map(async (id) => (await pictures.get([parts, id])) ?? null));
        };
        const [thumbnails, originals] = await Promise.all([read('thumbnails'), read('originals')]);
        return ids.map((_, index) => ({
          thumbnail: thumbnails[index] ?? null,
          original: originals[index] ?? null,
        }));
      },
    );
  }

  /** Lets go of the rows: nothing can be read any more. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#onRelease();
  }

  #block(rows: readonly LiveRow[]): RowBlock {
    if (this.#isReleased) throw new PhotoglotError('internal', 'The snapshot was released.');
    const { dimension } = this;
    const vectors = new Float32Array(rows.length * dimension);
    rows.forEach(({ row }, place) => {
      vectors.set(this.#memory.slice(row, row + 1).vectors, place * dimension);
    });
    return { items: rows.map(({ item }) => item), vectors };
  }
}

function collectionChanged(name: string): PhotoglotError {
  return new PhotoglotError(
    'in-use',
    `The collection "${name}" was cleared, dropped, replaced, or compacted by another tab while it was ` +
      'read: its pictures are no longer those of the items that were read. Begin again.',
  );
}
