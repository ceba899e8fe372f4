/**
 * One collection: its state in memory, kept equal to the disk.
 *
 * The rule for several tabs: every write is one read-write transaction over all object stores,
 * which the browser runs alone, whichever tab it is from. It first reads the collection's
 * revision and catches up with what others wrote. Reads compare the revision too. So nobody
 * builds on a state that is gone, and nobody sees half a write; a lock beside the transaction
 * would add nothing, and is not there in insecure contexts.
 *
 * Memory changes after the commit and all at once, so that it is never ahead of the disk.
 */
import type { ScoreKernel } from '../core/kernel/score-kernel';
import { PhotoglotError } from '../errors';
import { CollectionMemory, type Change } from './collection-memory';
import { CollectionSnapshot } from './collection-snapshot';
import type { Database } from './database';
import { readCollection } from './read-collection';
import { ALL_STORES, VECTOR_STORES, type CollectionRecord, type StoreTransaction } from './schema';
import { SerialQueue } from './serial-queue';
import { writeChange, writeCompacted, writeEmptied, type Pictures } from './write-change';

/** Dead rows are dropped when there are as many as this, and a quarter of all. */
const COMPACT_ROWS = 256;

/** A write, planned against the collection's newest state. */
export interface Plan<Result> {
  /** Null when nothing has to be written. Its record follows from it. */
  readonly change: Omit<Change, 'record'> | null;
  readonly pictures?: Pictures;
  readonly result: Result;
}

export class StoredCollection {
  readonly #name: string;
  readonly #database: Database;
  readonly #kernel: ScoreKernel;
  readonly #queue = new SerialQueue();
  #memory: CollectionMemory | null = null;
  /** Snapshots that are being read: rows may not change their places. */
  #snapshots = 0;

  constructor(name: string, database: Database, kernel: ScoreKernel) {
    this.#name = name;
    this.#database = database;
    this.#kernel = kernel;
  }

  /** As `current`, and throws `model-mismatch` when its vectors are of another model by now. */
  async currentOf(model: string): Promise<CollectionMemory> {
    const memory = await this.current();
    checkModel(memory, model);
    return memory;
  }

  /** As `write`, and throws `model-mismatch` when its vectors are of another model by now. */
  writeOf<Result>(
    model: string,
    signal: AbortSignal,
    plan: (memory: CollectionMemory) => Plan<Result>,
  ): Promise<Result> {
    return this.write(signal, (memory) => {
      checkModel(memory, model);
      return plan(memory);
    });
  }

  /** The newest state, for reading without further waiting. Throws `not-found`. */
  async current(): Promise<CollectionMemory> {
    const record = await this.#database.query((database) =>
      database.get('collections', this.#name),
    );
    const known = this.#memory;
    if (known !== null && record !== undefined && isSameState(known.record, record)) return known;
    return this.#queue.run(() => this.#database.transact('readonly', VECTOR_STORES, this.#sync));
  }

  /** Writes `initial` if there is no such collection yet, then loads it. */
  create(initial: CollectionRecord): Promise<CollectionMemory> {
    return this.#queue.run(async () => {
      await this.#database.transact('readwrite', ['collections'], async (transaction) => {
        const collections = transaction.objectStore('collections');
        const record = await collections.get(this.#name);
        if (record === undefined) await collections.put(initial);
        else checkSameModel(record, initial);
      });
      return this.#database.transact('readonly', VECTOR_STORES, this.#sync);
    });
  }

  /** Writes what `plan` makes of the newest state: all of it or, when it fails, nothing. */
  write<Result>(
    signal: AbortSignal,
    plan: (memory: CollectionMemory) => Plan<Result>,
  ): Promise<Result> {
    return this.#queue.run(async () => {
      const { memory, change, result } = await this.#database.transact(
        'readwrite',
        ALL_STORES,
        async (transaction) => {
          const memory = await this.#sync(transaction);
          const planned = plan(memory);
          checkNotAborted(signal);
          if (planned.change === null) return { memory, change: null, result: planned.result };
          memory.reserve(planned.change.vectors.length / memory.record.dimension);
          const change = { ...planned.change, record: recordAfter(memory, planned.change) };
          await writeChange(transaction, memory, change, planned.pictures ?? new Map());
          return { memory, change, result: planned.result };
        },
      );
      if (change !== null) memory.apply(change);
      this.#compactSoon(memory);
      return result;
    });
  }

  /** The newest state, which stays as it is until it is released. Throws `not-found`. */
  snapshot(): Promise<CollectionSnapshot> {
    // In the queue: a compaction that is under way would move rows beneath it.
    return this.#queue.run(async () => {
      const memory = await this.#database.transact('readonly', VECTOR_STORES, this.#sync);
      this.#snapshots++;
      return new CollectionSnapshot(memory, this.#database, () => {
        this.#snapshots--;
      });
    });
  }

  /** Deletes all items. */
  clear(): Promise<void> {
    return this.#queue.run(async () => {
      await this.#database.transact('readwrite', ALL_STORES, async (transaction) => {
        const { record } = await this.#sync(transaction);
        const emptied = { ...record, ...nextGeneration(record), count: 0, rows: 0 };
        await writeEmptied(transaction, record, emptied);
      });
      this.#memory = null;
    });
  }

  /** Deletes the collection; of no effect if it is not there. */
  drop(): Promise<void> {
    return this.#queue.run(async () => {
      await this.#database.transact('readwrite', ALL_STORES, async (transaction) => {
        const record = await transaction.objectStore('collections').get(this.#name);
        if (record !== undefined) await writeEmptied(transaction, record, null);
      });
      this.#memory = null;
    });
  }

  /** Brings the memory up to date with what `transaction` sees. */
  readonly #sync = async <Mode extends 'readonly' | 'readwrite'>(
    transaction: StoreTransaction<Mode>,
  ): Promise<CollectionMemory> => {
    this.#memory = await readCollection(transaction, this.#name, this.#memory, this.#kernel);
    if (this.#memory === null) {
      throw new PhotoglotError('not-found', `There is no collection "${this.#name}": open it.`);
    }
    return this.#memory;
  };

  /** Behind the write that made it worthwhile, whose caller does not wait for it. */
  #compactSoon(memory: CollectionMemory): void {
    if (!isWorthCompacting(memory)) return;
    this.#queue
      .run(async () => {
        // The next write tries again.
        if (this.#snapshots > 0) return;
        const compacted = await this.#database.transact(
          'readwrite',
          ALL_STORES,
          async (transaction) => {
            const memory = await this.#sync(transaction);
            if (!isWorthCompacting(memory)) return null;
            const { record, count } = memory;
            const after = { ...record, ...nextGeneration(record), rows: count };
            await writeCompacted(transaction, memory, after);
            return { memory, after };
          },
        );
        compacted?.memory.compact(compacted.after);
      })
      // For want of space, say: the collection works as it is, and the next write tries again.
      .catch(() => undefined);
  }
}

function isSameState(left: CollectionRecord, right: CollectionRecord): boolean {
  return left.generation === right.generation && left.revision === right.revision;
}

function isWorthCompacting({ rows, count }: CollectionMemory): boolean {
  const dead = rows - count;
  return dead >= COMPACT_ROWS && dead * 4 >= rows;
}

function recordAfter(memory: CollectionMemory, change: Omit<Change, 'record'>): CollectionRecord {
  const { record } = memory;
  let { count } = memory;
  for (const [row, item] of change.items) {
    count += +(item !== null) - +(memory.itemAt(row) !== null);
  }
  const rows = memory.rows + change.vectors.length / record.dimension;
  return { ...record, count, rows, revision: record.revision + 1 };
}

function nextGeneration(record: CollectionRecord) {
  return { revision: record.revision + 1, generation: crypto.randomUUID() };
}

function checkSameModel(record: CollectionRecord, wanted: CollectionRecord): void {
  if (record.model === wanted.model && record.dimension === wanted.dimension) return;
  throw new PhotoglotError(
    'model-mismatch',
    `The collection "${record.name}" was made with ${record.model} (dimension ` +
      `${record.dimension}); it cannot be searched with ${wanted.model} (${wanted.dimension}). ` +
      'Re-embed it (lens.reembed), drop it (lens.drop) and add its items again, or open another one.',
  );
}

/** Another tab, or this one, may have replaced the collection since it was opened. */
function checkModel({ record }: CollectionMemory, model: string): void {
  if (record.model === model) return;
  throw new PhotoglotError(
    'model-mismatch',
    `The collection "${record.name}" is of ${record.model} by now, as it was replaced since it was ` +
      `opened; this is of ${model}. Open it again, with a lens of that model.`,
  );
}

function checkNotAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new PhotoglotError('aborted', 'The write was aborted; nothing of it was kept.', {
    cause: signal.reason,
  });
}
