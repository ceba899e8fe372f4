/**
 * Lets so much through at a time; of what waits, a `query` goes before an `index`, that before an
 * `idle`, and else who came first. With room for one it is a serial queue.
 */
import { toPhotoglotError } from '../errors';
import type { Priority } from '../protocol/tower-contract';

export interface GateOptions {
  readonly priority: Priority;
  /** A job that still waits when it fires leaves the queue and rejects with the reason. */
  readonly signal: AbortSignal;
  /** Share of the room. More than there is counts as all of it. @default 1 */
  readonly weight?: number;
}

interface Waiting {
  readonly weight: number;
  readonly start: () => void;
}

export class PriorityGate {
  readonly #room: number;
  #used = 0;
  readonly #waiting: Record<Priority, Waiting[]> = { query: [], index: [], idle: [] };

  /** @param room how much fits in at once, in the unit of the weights. */
  constructor(room: number) {
    this.#room = room;
  }

  /** Runs `job` when there is room; its failure is the caller's alone. */
  async run<Result>(options: GateOptions, job: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(options);
    try {
      return await job();
    } finally {
      leave();
    }
  }

  /** Resolves when there is room. The function it resolves to must be called once, to leave. */
  enter({ priority, signal, weight = 1 }: GateOptions): Promise<() => void> {
    const share = Math.min(weight, this.#room);
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(toPhotoglotError(signal.reason, 'aborted'));
        return;
      }
      const queue = this.#waiting[priority];
      const waiting: Waiting = {
        weight: share,
        start: () => {
          signal.removeEventListener('abort', abort);
          resolve(this.#leaver(share));
        },
      };
      const abort = (): void => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(toPhotoglotError(signal.reason, 'aborted'));
        // It may have stood before smaller ones that fit.
        this.#admit();
      };
      signal.addEventListener('abort', abort, { once: true });
      queue.push(waiting);
      this.#admit();
    });
  }

  #leaver(share: number): () => void {
    return () => {
      this.#used -= share;
      this.#admit();
    };
  }

  /** Strictly in order: a large one is not overtaken by smaller ones for ever. */
  #admit(): void {
    const { query, index, idle } = this.#waiting;
    for (;;) {
      const queue = [query, index, idle].find(({ length }) => length > 0);
      const next = queue?.[0];
      if (next === undefined || this.#used + next.weight > this.#room) return;
      queue?.shift();
      this.#used += next.weight;
      next.start();
    }
  }
}
