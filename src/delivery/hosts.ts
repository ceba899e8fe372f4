/** Which of a model's hosts works: found out by one file, it is known to all. */

export class Hosts {
  #current = 0;

  /** Index into `FileSource.urls` of the host that a file asks first. */
  get current(): number {
    return this.#current;
  }

  /** The host has delivered. */
  worked(index: number): void {
    this.#current = index;
  }

  /** The host was given up by a file that goes on with `next`. */
  failed(index: number, next: number): void {
    if (this.#current === index) this.#current = next;
  }
}
