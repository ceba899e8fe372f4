/**
 * Collects prepared pictures and runs those of one shape together, up to a batch at a time.
 * It waits for a batch to fill only while more are being prepared, and never holds back a query.
 */
import { toPhotoglotError } from '../errors';
import type { Priority } from '../protocol/tower-contract';

/** One thing to run; those of equal `shape` can share a run. */
export interface BatchItem<Input> {
  readonly input: Input;
  readonly shape: string;
  readonly priority: Priority;
  readonly signal: AbortSignal;
}

interface Pending<Input, Output> extends BatchItem<Input> {
  readonly resolve: (output: Output) => void;
  readonly reject: (reason: Error) => void;
}

/** Outputs in the order of the inputs, which have one shape. */
export type RunBatch<Input, Output> = (inputs: readonly Input[]) => Promise<readonly Output[]>;

export class Batcher<Input, Output> {
  readonly #run: RunBatch<Input, Output>;
  readonly #size: number;
  readonly #pending: Pending<Input, Output>[] = [];
  #preparing = 0;
  #running = false;

  constructor(size: number, run: RunBatch<Input, Output>) {
    this.#size = size;
    this.#run = run;
  }

  /**
   * Says that something is on its way here, so that waiting for it makes sense. The function
   * returned must be called once: when it was submitted, or when it failed.
   */
  expect(): () => void {
    this.#preparing++;
    return () => {
      this.#preparing--;
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

  /** Queries at once; else a full batch; else, when nothing more is coming, the oldest's shape. */
  #choose(): readonly Pending<Input, Output>[] {
    const query = this.#pending.find(({ priority }) => priority === 'query');
    if (query !== undefined) return this.#alike(query);
    for (const item of this.#pending) {
      const alike = this.#alike(item);
      if (alike.length === this.#size) return alike;
    }
    const oldest = this.#pending[0];
    return oldest === undefined || this.#preparing > 0 ? [] : this.#alike(oldest);
  }

  #alike({ shape, priority }: Pending<Input, Output>): readonly Pending<Input, Output>[] {
    return this.#pending
      .filter((item) => item.shape === shape && item.priority === priority)
      .slice(0, this.#size);
  }
}
