/** Lets work through while open, and holds it while closed. */
export class Gate {
  #waiting: (() => void)[] = [];
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
  }

  open(): void {
    this.#closed = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Resolves at once while open, else when it opens. */
  pass(): Promise<void> {
    if (!this.#closed) return Promise.resolve();
    return new Promise((go) => this.#waiting.push(go));
  }
}
