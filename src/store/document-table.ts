/**
 * Which document of an inverted index belongs to which row. A row whose content changes gets a new
 * document, and its old one dies: so lists of documents only grow at their ends, in ascending order.
 */

/** No document, or no row. */
const NONE = -1;
/** Dead documents are dropped when there are as many as this, and a quarter of all. */
const DROPPED_DOCUMENTS = 1024;

export class DocumentTable {
  /** Per document; {@link NONE} when it is dead. */
  readonly #rowOf: number[] = [];
  /** Per row. */
  readonly #documentOf: number[] = [];
  #count = 0;

  /** Documents that are not dead. */
  get count(): number {
    return this.#count;
  }

  /** Documents, dead ones included. */
  get size(): number {
    return this.#rowOf.length;
  }

  get isWorthCompacting(): boolean {
    const dead = this.size - this.count;
    return dead >= DROPPED_DOCUMENTS && dead * 4 >= this.size;
  }

  /** A new document for the row, in place of the one that it has. */
  add(row: number): number {
    this.remove(row);
    const document = this.#rowOf.push(row) - 1;
    while (this.#documentOf.length <= row) this.#documentOf.push(NONE);
    this.#documentOf[row] = document;
    this.#count++;
    return document;
  }

  /** The row's document dies, if it has one. */
  remove(row: number): void {
    const document = this.documentOf(row);
    if (document === NONE) return;
    this.#rowOf[document] = NONE;
    this.#documentOf[row] = NONE;
    this.#count--;
  }

  has(row: number): boolean {
    return this.documentOf(row) !== NONE;
  }

  /** −1 for a row without one. */
  documentOf(row: number): number {
    return this.#documentOf[row] ?? NONE;
  }

  /** −1 for a dead document. */
  rowOf(document: number): number {
    return this.#rowOf[document] ?? NONE;
  }

  /** Drops dead documents and numbers the others anew, in order: per old document its new number, or −1. */
  compact(): Int32Array {
    const numbers = new Int32Array(this.size).fill(NONE);
    let next = 0;
    for (let document = 0; document < numbers.length; document++) {
      const row = this.rowOf(document);
      if (row === NONE) continue;
      numbers[document] = next;
      this.#rowOf[next] = row;
      this.#documentOf[row] = next;
      next++;
    }
    this.#rowOf.length = next;
    return numbers;
  }
}
