/**
 * Turns for owners that exclude each other: any number of calls of one owner share a turn, and
 * while others wait, later calls of that owner wait behind them. Hence nobody starves, however
 * long the calls of one owner overlap, and nobody who waits holds anything.
 */
import { abortedError } from '../core/until-aborted';

/** Ends the holder's part of the turn. Call it once. */
export type EndTurn = () => void;

/** A turn to come; every waiting call is admitted at once. */
interface Turn {
  readonly owner: object;
  readonly waiting: Set<() => void>;
}

export class TurnQueue {
  readonly #turns: Turn[] = [];
  #owner: object | null = null;
  #holders = 0;

  /** Resolves when it is the owner's turn; rejects with `aborted` while waiting, and only then. */
  take(owner: object, signal?: AbortSignal): Promise<EndTurn> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#leave(owner, admit);
        if (signal !== undefined) reject(abortedError(signal));
      };
      const admit = (): void => {
        // From now on the turn is the caller's, who ends it whatever the signal does.
        signal?.removeEventListener('abort', abort);
        resolve(() => {
          this.#holders--;
          this.#admit();
        });
      };
      this.#join(owner, admit);
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort);
      this.#admit();
    });
  }

  #join(owner: object, admit: () => void): void {
    const turn = this.#turns.find((each) => each.owner === owner);
    if (turn !== undefined) turn.waiting.add(admit);
    else this.#turns.push({ owner, waiting: new Set([admit]) });
  }

  /** One who gives up must not keep the others waiting. */
  #leave(owner: object, admit: () => void): void {
    const index = this.#turns.findIndex((each) => each.owner === owner);
    const turn = this.#turns[index];
    turn?.waiting.delete(admit);
    if (turn?.waiting.size === 0) this.#turns.splice(index, 1);
    this.#admit();
  }

  #admit(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#turns.shift();
      this.#owner = next.owner;
      this.#holders += next.waiting.size;
      for (const admit of next.waiting) admit();
    }
  }

  /** The first turn, if it may begin. */
  #next(): Turn | undefined {
    const [first] = this.#turns;
    const free = this.#holders === 0 || first?.owner === this.#owner;
    return free ? first : undefined;
  }
}
