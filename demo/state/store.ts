/** A value with parts; listeners hear of every change, once per task at most. */
export class Store<State extends object> {
  #state: Readonly<State>;
  #announced = true;
  readonly #listeners = new Set<() => void>();

  constructor(initial: Readonly<State>) {
    this.#state = initial;
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  /** Replaces the named parts. Parts are never changed in place, so `===` tells what is new. */
  patch(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    if (!this.#announced) return;
    this.#announced = false;
    queueMicrotask(() => {
      this.#announced = true;
      for (const listener of this.#listeners) listener();
    });
  }

  /** Returns what ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
