/** Documents that have a token, ascending, and its weight in each. */
const FIRST_CAPACITY = 4;

export class WeightList {
  #documents = new Uint32Array(FIRST_CAPACITY);
  /** Bits of float16. */
  #weights = new Uint16Array(FIRST_CAPACITY);
  #count = 0;

  get documents(): Uint32Array {
    return this.#documents.subarray(0, this.#count);
  }

  /** Bits of float16. */
  get weights(): Uint16Array {
    return this.#weights.subarray(0, this.#count);
  }

  /** @param weight bits of float16 */
  add(document: number, weight: number): void {
    if (this.#count === this.#documents.length) this.#grow();
    this.#documents[this.#count] = document;
    this.#weights[this.#count] = weight;
    this.#count++;
  }

  #grow(): void {
    const [documents, weights] = [this.#documents, this.#weights];
    this.#documents = new Uint32Array(2 * this.#count);
    this.#weights = new Uint16Array(2 * this.#count);
    this.#documents.set(documents);
    this.#weights.set(weights);
  }
}
