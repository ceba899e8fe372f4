/** Something that several use, closed when the last of them lets go of it. */
export class Shared<Value> {
  readonly value: Value;
  readonly #close: (value: Value) => void;
  #users = 1;

  /** Whoever makes it is its first user. */
  constructor(value: Value, close: (value: Value) => void) {
    this.value = value;
    this.#close = close;
  }

  /** One more user. */
  retain(): this {
    this.#users++;
    return this;
  }

  /** One user less. */
  release(): void {
    this.#users--;
    if (this.#users === 0) this.#close(this.value);
  }
}
