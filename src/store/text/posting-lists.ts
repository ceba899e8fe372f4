/** Which documents have which term, and how often. Documents come in ascending order. */

/** Occurrences beyond this do not count: BM25 hardly grows by then. */
const MOST_OCCURRENCES = 31;
/** The rest of a small integer of V8, which needs no memory beside the list, is the document's. */
const OCCURRENCE_BITS = 5;

/** Most terms of file names are in one document only; that needs no list. */
type Postings = number | number[];

export class PostingLists {
  /** By term. */
  #lists: (Postings | undefined)[] = [];

  /** @param document greater than all that the term had before, and below 2²⁵ */
  add(term: number, document: number, occurrences: number): void {
    const posting = (document << OCCURRENCE_BITS) | Math.min(occurrences, MOST_OCCURRENCES);
    const list = this.#lists[term];
    if (list === undefined) this.#lists[term] = posting;
    else if (typeof list === 'number') this.#lists[term] = [list, posting];
    else list.push(posting);
  }

  /** Calls `visit` with the documents that have the term, ascending. */
  forEach(term: number, visit: (document: number, occurrences: number) => void): void {
    const list = this.#lists[term];
    if (list === undefined) return;
    for (const posting of typeof list === 'number' ? [list] : list) {
      visit(posting >>> OCCURRENCE_BITS, posting & MOST_OCCURRENCES);
    }
  }

  /** Gives documents other numbers, in the same order; those of number −1 are dropped. */
  renumber(numbers: Int32Array): void {
    const { length } = this.#lists;
    const before = new PostingLists();
    before.#lists = this.#lists;
    this.#lists = [];
    for (let term = 0; term < length; term++) {
      before.forEach(term, (document, occurrences) => {
        const number = numbers[document] ?? -1;
        if (number >= 0) this.add(term, number, occurrences);
      });
    }
  }
}
