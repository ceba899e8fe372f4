/**
 * One collection: its state in memory, kept equal to the disk.
 *
 * The rule for several tabs: who writes brings its memory up to date, plans, and commits in one
 * transaction, which goes through only if the collection's record is still the one that was planned for;
 * else all of it begins anew. Reads compare the record too. So nobody builds on a state that is gone, and
 * nobody sees half a write. A lock, where there are locks, lets one tab write after the other, so that
 * none has to begin anew time and again; when a tab dies, the next one gets it.
 *
 * Memory changes after the commit and all at once, so that it is never ahead of the disk.
 */
import type { ScoreKernel } from '../core/kernel/score-kernel';
import { PhotoglotError } from '../errors';
import type { CollectionMemory, Change } from './collection-memory';
import { CollectionSnapshot } from './collection-snapshot';
import { commitIfSame } from './commit-if-same';
import type { Database } from './database';
import { underLock, writeLock } from './locks';
import type { PackFiles } from './pack-files';
import type { PackingLimits } from './packing-limits';
import type { Plan } from './plans';
import { readCollection } from './read-collection';
import { filesOf, isSameRecord, partsOf, WRITE_STORES, type CollectionRecord } from './schema';
import type { OpenVaults } from './sealed/open-vaults';
import { SerialQueue } from './serial-queue';
import { Upkeep } from './upkeep';
import { changeWrites, compactionWrites, emptyingWrites } from './write-change';
import { commitWrites, type Writes } from './writes';

/** Dead rows of the log are dropped when there are as many as this, and a quarter of all. */
const COMPACT_ROWS = 256;

/** What all collections of a store have in common. */
export interface StoreParts {
  readonly database: Database;
  readonly packs: PackFiles;
  readonly vaults: OpenVaults;
  readonly kernel: ScoreKernel;
  readonly limits: PackingLimits;
}

export class StoredCollection {
  readonly #name: string;
  readonly #parts: StoreParts;
  readonly #queue = new SerialQueue();
  readonly #upkeep: Upkeep;
  #memory: CollectionMemory | null = null;

  constructor(name: string, parts: StoreParts) {
    this.#name = name;
    this.#parts = parts;
    this.#upkeep = new Upkeep({
      ...parts,
      newest: () => this.#queue.run(() => this.#retained()),
      commit: (before, after, writes) => this.#queue.run(() => this.#commit(before, after, writes)),
    });
  }

  /** Reads the newest state. Throws `not-found`. */
  async read<Result>(body: (memory: CollectionMemory) => Promise<Result>): Promise<Result> {
    const { memory, release } = await this.#current();
    try {
      return await body(memory);
    } finally {
      release();
    }
  }

  /** As `read`, and throws `model-mismatch` when its vectors are of another model by now. */
  readOf<Result>(
    model: string,
    body: (memory: CollectionMemory) => Promise<Result>,
  ): Promise<Result> {
    return this.read((memory) => {
      checkModel(memory, model);
      return body(memory);
    });
  }

  /** As `write`, and throws `model-mismatch` when its vectors are of another model by now. */
  writeOf<Result>(
    model: string,
    signal: AbortSignal,
    plan: (memory: CollectionMemory) => Promise<Plan<Result>>,
  ): Promise<Result> {
    return this.write(signal, (memory) => {
      checkModel(memory, model);
      return plan(memory);
    });
  }

  /**
   * Writes `initial` if there is no such collection yet, then loads it.
   * @param unlock is given its record, `initial` or what was there before
   */
  create(
    initial: CollectionRecord,
    unlock: (record: CollectionRecord) => Promise<void>,
  ): Promise<CollectionRecord> {
    return this.#queue.run(async () => {
      const { database } = this.#parts;
      const found = await database.transact('readwrite', ['collections'], async (transaction) => {
        const collections = transaction.objectStore('collections');
        const record = await collections.get(this.#name);
        if (record === undefined) await collections.put(initial);
        else checkSameModel(record, initial);
        return record ?? initial;
      });
      await unlock(found);
      const { record } = await this.#newest();
      this.#upkeep.soon();
      return record;
    });
  }

  /** Writes what `plan` makes of the newest state: all of it or, when it fails, nothing. */
  async write<Result>(
    signal: AbortSignal,
    plan: (memory: CollectionMemory) => Promise<Plan<Result>>,
  ): Promise<Result> {
    const result = await this.#queue.run(() =>
      underLock(writeLock(this.#name), async () => {
        for (;;) {
          const memory = await this.#newest();
          const planned = await plan(memory);
          checkNotAborted(signal);
          if (planned.change === null) return planned.result;
          memory.reserve(planned.change.vectors.length / memory.record.dimension);
          const change = { ...planned.change, record: recordAfter(memory, planned.change) };
          const writes = changeWrites(memory, change, planned.pictures ?? new Map());
          if (!(await this.#commit(memory.record, change.record, writes))) continue;
          memory.apply(change);
          this.#compactSoon(memory);
          return planned.result;
        }
      }),
    );
    await this.#upkeep.afterWrite(() => this.#memory, signal);
    return result;
  }

  /** The newest state, which stays as it is until it is released. Throws `not-found`. */
  snapshot(): Promise<CollectionSnapshot> {
    return this.#queue.run(async () => {
      const { memory, release } = await this.#retained();
      const { database, vaults } = this.#parts;
      try {
        const form = await vaults.formOf(memory.record);
        return new CollectionSnapshot(memory, { database, form }, release);
      } catch (thrown) {
        release();
        throw thrown;
      }
    });
  }

  /** Deletes all items. */
  clear(): Promise<void> {
    return this.#empty((record) => {
      const { name, dimension, model, segmentRows, storedAs, encryption } = record;
      return {
        ...{ name, dimension, model, segmentRows, count: 0, rows: 0 },
        ...(storedAs === undefined ? {} : { storedAs }),
        ...(encryption === undefined ? {} : { encryption }),
        revision: record.revision + 1,
        generation: crypto.randomUUID(),
        incarnation: crypto.randomUUID(),
      };
    });
  }

  /** Deletes the collection; of no effect if it is not there. */
  async drop(): Promise<void> {
    await this.#empty(() => null).catch((thrown: unknown) => {
      if (!isNotFound(thrown)) throw thrown;
    });
  }

  #empty(after: (record: CollectionRecord) => CollectionRecord | null): Promise<void> {
    return this.#queue.run(async () => {
      const { database, packs } = this.#parts;
      const files = await database.transact('readwrite', WRITE_STORES, async (transaction) => {
        const record = await transaction.objectStore('collections').get(this.#name);
        if (record === undefined) throw notFound(this.#name);
        const writes = emptyingWrites(partsOf(record));
        await commitWrites(transaction, this.#name, after(record), writes);
        return filesOf(record);
      });
      this.#replace(null);
      await packs.remove(files);
    });
  }

  /** The newest state, kept as long as `release` was not called. */
  async #current(): Promise<{ memory: CollectionMemory; release: () => void }> {
    const record = await this.#parts.database.query((database) =>
      database.get('collections', this.#name),
    );
    const known = this.#memory;
    if (known !== null && record !== undefined && isSameRecord(known.record, record)) {
      return { memory: known, release: known.retain() };
    }
    return this.#queue.run(() => this.#retained());
  }

  async #retained(): Promise<{ memory: CollectionMemory; release: () => void }> {
    const memory = await this.#newest();
    return { memory, release: memory.retain() };
  }

  /** Brings the memory up to date. Within the queue only. */
  async #newest(): Promise<CollectionMemory> {
    const letGo = (): void => {
      this.#replace(null);
    };
    const source = { ...this.#parts, name: this.#name, letGo };
    const memory = await readCollection(source, this.#memory);
    if (memory !== this.#memory) this.#replace(memory);
    if (memory === null) throw notFound(this.#name);
    return memory;
  }

  #replace(memory: CollectionMemory | null): void {
    this.#memory?.release();
    this.#memory = memory;
  }

  /** Commits if the collection's record is still `before`; whether it did. */
  async #commit(
    before: CollectionRecord,
    after: CollectionRecord,
    writes: Writes,
  ): Promise<boolean> {
    const { database, vaults } = this.#parts;
    const form = await vaults.formOf(before);
    return commitIfSame(database, before, after, await form.seal(writes));
  }

  /** Behind the write that made it worthwhile, whose caller does not wait for it. */
  #compactSoon({ log }: CollectionMemory): void {
    if (!isWorthCompacting(log)) return;
    this.#queue
      .run(async () => {
        const memory = await this.#newest();
        if (!isWorthCompacting(memory.log)) return;
        const { record, log } = memory;
        const rows = log.first + log.count;
        const after = { ...record, rows, generation: crypto.randomUUID() };
        const writes = compactionWrites(memory, after);
        if (!(await this.#commit(record, after, writes))) return;
        this.#replace(memory.compacted(after));
      })
      // For want of space, say: the collection works as it is, and the next write tries again.
      .catch(() => undefined);
  }
}

function isWorthCompacting({ first, end, count }: CollectionMemory['log']): boolean {
  const dead = end - first - count;
  return dead >= COMPACT_ROWS && dead * 4 >= end - first;
}

function recordAfter(memory: CollectionMemory, change: Omit<Change, 'record'>): CollectionRecord {
  const { record } = memory;
  let { count } = memory;
  for (const [row, item] of change.items) count += +(item !== null) - +memory.isLive(row);
  const rows = memory.rows + change.vectors.length / record.dimension;
  return { ...record, count, rows, revision: record.revision + 1 };
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

function notFound(name: string): PhotoglotError {
  return new PhotoglotError('not-found', `There is no collection "${name}": open it.`);
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof PhotoglotError && thrown.code === 'not-found';
}
