/** An index of a collection's items: made when it is first needed, and brought up to date by every use. */
import { SerialQueue } from '../serial-queue';
import { ItemChanges, type ItemChange } from './item-changes';
import type { QueriedMemory } from './queried-memory';

/** How an index is made, and how it learns of items. */
export interface IndexMaker<Index> {
  readonly make: () => Index;
  /** Brings changed rows into the index. */
  readonly apply: (
    index: Index,
    changes: readonly ItemChange[],
    memory: QueriedMemory,
  ) => Promise<void> | void;
}

export class LiveIndex<Index> {
  readonly #maker: IndexMaker<Index>;
  readonly #queue = new SerialQueue();
  readonly #changes = new ItemChanges();
  #index: Index | null = null;

  constructor(maker: IndexMaker<Index>) {
    this.#maker = maker;
  }

  /**
   * What `body` makes of the index of all items of `memory`, packed ones that died included. Rejects with
   * `storage`, and when the signal fires; what is indexed by then stays.
   */
  use<Result>(
    memory: QueriedMemory,
    signal: AbortSignal,
    body: (index: Index) => Result,
  ): Promise<Result> {
    return this.#queue.run(async () => body(await this.#current(memory, signal)));
  }

  async #current(memory: QueriedMemory, signal: AbortSignal): Promise<Index> {
    if (this.#index === null || this.#changes.isRenumbered(memory)) {
      this.#changes.reset();
      this.#index = this.#maker.make();
    }
    const index = this.#index;
    for await (const changes of this.#changes.of(memory, signal)) {
      try {
        await this.#maker.apply(index, changes, memory);
      } catch (thrown) {
        // Told, but not indexed: the next use begins anew.
        this.#index = null;
        throw thrown;
      }
    }
    return index;
  }
}
