/** Keeps a large collection in few packed files, beside whatever else is done with it. */
import { untilAborted } from '../core/until-aborted';
import type { CollectionMemory } from './collection-memory';
import { chooseUpkeep, logBytes, type UpkeepStep } from './choose-upkeep';
import { ifNotLocked } from './locks';
import type { PackFiles } from './pack-files';
import { packLog } from './pack-log';
import type { PackingLimits } from './packing-limits';
import { rewriteFiles } from './rewrite-files';
import { partsOf, type CollectionRecord } from './schema';
import type { OpenVaults } from './sealed/open-vaults';
import type { Writes } from './writes';

/** A collection as its upkeep sees it. */
export interface KeptCollection {
  readonly packs: PackFiles;
  readonly vaults: OpenVaults;
  readonly limits: PackingLimits;
  /** The newest state, kept until it is released. Throws `not-found`. */
  readonly newest: () => Promise<{ memory: CollectionMemory; release: () => void }>;
  /** Commits what moves rows, if the collection's record is still `before`; whether it did. */
  readonly commit: (
    before: CollectionRecord,
    after: CollectionRecord,
    writes: Writes,
  ) => Promise<boolean>;
}

export class Upkeep {
  readonly #kept: KeptCollection;
  #running: Promise<void> | null = null;
  /** Resolves when a step has ended. */
  #nextStep: Promise<void> = Promise.resolve();
  #tellStep: () => void = () => undefined;
  /** Whether more was written since it last looked for what is worthwhile. */
  #isStale = false;
  /**
   * By kind of step that failed, for want of space, say: the rows that there have to be before it is tried
   * again. What else there is to do does not wait for it.
   */
  readonly #retryRows = new Map<UpkeepStep['kind'], number>();

  constructor(kept: KeptCollection) {
    this.#kept = kept;
  }

  /** Begins what is worthwhile, unless it is under way. */
  soon(): void {
    this.#isStale = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /**
   * The same; resolves later where so much is waiting that memory would run full, unless the signal fires.
   * Never rejects.
   */
  async afterWrite(newest: () => CollectionMemory | null, signal: AbortSignal): Promise<void> {
    const memory = newest();
    if (memory === null || this.#stepFor(memory) === null) return;
    this.soon();
    const { mostLogBytes } = this.#kept.limits;
    const isFull = (): boolean => {
      const memory = newest();
      return memory !== null && logBytes(memory.record) > mostLogBytes;
    };
    while (isFull() && this.#running !== null && !signal.aborted) {
      await untilAborted(Promise.race([this.#running, this.#nextStep]), signal).catch(
        () => undefined,
      );
    }
  }

  #stepFor(memory: CollectionMemory): UpkeepStep | null {
    const deadRows = (first: number, end: number): number =>
      end - first - (memory.packed?.live.count(first, end) ?? 0);
    const isWanted = (kind: UpkeepStep['kind']): boolean =>
      memory.rows >= (this.#retryRows.get(kind) ?? 0);
    return chooseUpkeep(memory.record, deadRows, this.#kept.limits, isWanted);
  }

  /** Never rejects: the collection works as it is, and whoever reads or writes it is told what fails. */
  async #run(): Promise<void> {
    let isMoved = false;
    for (;;) {
      const isDone = await this.#told(() => this.#step());
      isMoved ||= isDone;
      if (isDone || this.#isStale) continue;
      if (!isMoved) break;
      // What rows moved from is free now that this tab has followed, and the others have.
      isMoved = false;
      await this.#kept.packs.clean().catch(() => undefined);
    }
  }

  /** Whether a step was done; those who wait for the end of one are told. */
  async #told(step: () => Promise<boolean>): Promise<boolean> {
    this.#nextStep = new Promise((resolve) => {
      this.#tellStep = resolve;
    });
    try {
      return await step();
    } catch {
      return false;
    } finally {
      this.#tellStep();
    }
  }

  /** Whether there may be more to do. */
  async #step(): Promise<boolean> {
    this.#isStale = false;
    const { memory, release } = await this.#kept.newest();
    try {
      const step = this.#stepFor(memory);
      if (step === null) return false;
      const lock = `photoglot-upkeep:${partsOf(memory.record)}`;
      // Null: another tab is at it.
      return (await ifNotLocked(lock, () => this.#try(step, memory))) ?? false;
    } finally {
      release();
    }
  }

  async #try(step: UpkeepStep, memory: CollectionMemory): Promise<boolean> {
    try {
      const isDone = await this.#do(step, memory);
      this.#retryRows.delete(step.kind);
      return isDone;
    } catch {
      const { logBytes } = this.#kept.limits;
      const rowBytes = memory.record.dimension * Float32Array.BYTES_PER_ELEMENT;
      this.#retryRows.set(step.kind, memory.rows + Math.ceil(logBytes / rowBytes));
      // Something else may be worthwhile.
      return this.#stepFor(memory) !== null;
    }
  }

  #do(step: UpkeepStep, memory: CollectionMemory): Promise<boolean> {
    switch (step.kind) {
      case 'pack':
        return packLog(this.#kept, memory, step.segments);
      case 'merge':
      case 'drop-dead':
        return rewriteFiles(this.#kept, memory, step);
      default:
        return step satisfies never;
    }
  }
}
