/**
 * Collects prepared pictures and runs those of one shape together, up to a batch at a time.
 * It waits for a batch to fill only while more are being prepared, and never holds back a query.
 * What is `idle` runs when nothing else is there or on its way: a run cannot be interrupted.
 */
import { toPhotoglotError } from '../errors';
import type { Priority } from '../protocol/tower-contract';

/** One thing to run; those of equal `shape` can share a run. */
export interface BatchItem<Input> {
  readonly input: Input;
  readonly shape: string;
  readonly priority: Priority;
  readonly signal: AbortSignal;
  /** Share of a run's room; each counts as the largest of the run, to whose size all are padded. @default 1 */
  readonly cost?: number;
}

interface Pending<Input, Output> extends BatchItem<Input> {
  readonly resolve: (output: Output) => void;
  readonly reject: (reason: Error) => void;
}

/** Outputs in the order of the inputs, which have one shape. */
export type RunBatch<Input, Output> = (inputs: readonly Input[]) => Promise<readonly Output[]>;

/** Some that can run together. */
interface Alike<Input, Output> {
  readonly batch: readonly Pending<Input, Output>[];
  /** No more would have room. */
  readonly isFull: boolean;
}

/** Fractions are summed up with an error. */
const ROUNDING = 1e-6;

export class Batcher<Input, Output> {
  readonly #run: RunBatch<Input, Output>;
  readonly #room: () => number;
  readonly #pending: Pending<Input, Output>[] = [];
  readonly #preparing: Record<Priority, number> = { query: 0, index: 0, idle: 0 };
  #running = false;

  /** @param room of the next run, in the unit of the costs; one item alone may be larger. */
  constructor(room: () => number, run: RunBatch<Input, Output>) {
    this.#room = room;
    this.#run = run;
  }

  /**
   * Says that something is on its way here, so that waiting for it makes sense. The function
   * returned must be called once: when it was submitted, or when it failed.
   */
  expect(priority: Priority): () => void {
    this.#preparing[priority]++;
    return () => {
      this.#preparing[priority]--;
      this.#next();
    };
  }

  /** Resolves to the item's own output; rejects when its run fails or its signal fires. */
  submit(item: BatchItem<Input>): Promise<Output> {
    return new Promise((resolve, reject) => {
      if (item.signal.aborted) {
        reject(toPhotoglotError(item.signal.reason, 'aborted'));
        return;
      }
      const abort = (): void => {
        const at = this.#pending.indexOf(pending);
        if (at >= 0) this.#pending.splice(at, 1);
        reject(toPhotoglotError(item.signal.reason, 'aborted'));
      };
      const settled = (): void => {
        item.signal.removeEventListener('abort', abort);
      };
      const pending: Pending<Input, Output> = {
        ...item,
        resolve: (output) => {
          settled();
          resolve(output);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      };
      item.signal.addEventListener('abort', abort, { once: true });
      this.#pending.push(pending);
      this.#next();
    });
  }

  #next(): void {
    if (this.#running) return;
    const batch = this.#choose();
    if (batch.length === 0) return;
    for (const chosen of batch) this.#pending.splice(this.#pending.indexOf(chosen), 1);
    this.#running = true;
    void this.#execute(batch).finally(() => {
      this.#running = false;
      this.#next();
    });
  }

  async #execute(batch: readonly Pending<Input, Output>[]): Promise<void> {
    try {
      const outputs = await this.#run(batch.map(({ input }) => input));
      batch.forEach(({ resolve }, index) => {
        resolve(outputs[index] as Output);
      });
    } catch (thrown) {
      for (const { reject } of batch) reject(toPhotoglotError(thrown));
    }
  }

  /** Queries at once; else what is to be indexed; what is idle when there is none of that. */
  #choose(): readonly Pending<Input, Output>[] {
    const query = this.#oldest('query');
    if (query !== undefined) return this.#alike(query).batch;
    const { query: queries, index: others, idle } = this.#preparing;
    const coming = queries + others;
    if (this.#oldest('index') !== undefined) return this.#ripe('index', coming);
    return coming > 0 ? [] : this.#ripe('idle', idle);
  }

  #oldest(priority: Priority): Pending<Input, Output> | undefined {
    return this.#pending.find((item) => item.priority === priority);
  }

  /** A full batch; else, when nothing more is `coming`, the oldest's shape. */
  #ripe(priority: Priority, coming: number): readonly Pending<Input, Output>[] {
    for (const item of this.#pending) {
      if (item.priority !== priority) continue;
      const { batch, isFull } = this.#alike(item);
      if (isFull) return batch;
    }
    const oldest = this.#oldest(priority);
    return oldest === undefined || coming > 0 ? [] : this.#alike(oldest).batch;
  }

  /** Those that came first, as many as have room. */
  #alike({ shape, priority }: Pending<Input, Output>): Alike<Input, Output> {
    const alike = this.#pending.filter(
      (item) => item.shape === shape && item.priority === priority,
    );
    const room = this.#room() + ROUNDING;
    let largest = 0;
    for (const [before, { cost = 1 }] of alike.entries()) {
      const largestNow = Math.max(largest, cost);
      if (before > 0 && (before + 1) * largestNow > room) {
        return { batch: alike.slice(0, before), isFull: true };
      }
      largest = largestNow;
    }
    return { batch: alike, isFull: (alike.length + 1) * largest > room };
  }
}
