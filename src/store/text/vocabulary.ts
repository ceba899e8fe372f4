/** The terms of an index, numbered in the order in which they came, and found by how they begin. */
export class Vocabulary {
  readonly #numbers = new Map<string, number>();
  readonly #terms: string[] = [];
  /** By UTF-16 unit; of the first terms as many as there were when somebody asked. */
  #sorted: string[] = [];

  get size(): number {
    return this.#terms.length;
  }

  /** The term's number; the next one for a term that is new. */
  add(term: string): number {
    const known = this.#numbers.get(term);
    if (known !== undefined) return known;
    const number = this.#terms.push(term) - 1;
    this.#numbers.set(term, number);
    return number;
  }

  /** Undefined for a term that is not there. */
  numberOf(term: string): number | undefined {
    return this.#numbers.get(term);
  }

  /** The terms that begin like this, in order; the prefix itself is the first, if it is a term. */
  *startingWith(prefix: string): Generator<string, void> {
    const sorted = this.#inOrder();
    for (let place = firstNotBelow(sorted, prefix); place < sorted.length; place++) {
      const term = sorted[place] ?? '';
      if (!term.startsWith(prefix)) return;
      yield term;
    }
  }

  #inOrder(): readonly string[] {
    if (this.#sorted.length < this.#terms.length) {
      const fresh = this.#terms.slice(this.#sorted.length).sort(byUnit);
      this.#sorted = merge(this.#sorted, fresh);
    }
    return this.#sorted;
  }
}

function byUnit(left: string, right: string): number {
  return left < right ? -1 : +(left > right);
}

/** Both are sorted and share no term. */
function merge(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = [];
  let [from, to] = [0, 0];
  while (from < left.length || to < right.length) {
    const [first, second] = [left[from], right[to]];
    const isLeft = second === undefined || (first !== undefined && first < second);
    merged.push((isLeft ? first : second) ?? '');
    if (isLeft) from++;
    else to++;
  }
  return merged;
}

function firstNotBelow(sorted: readonly string[], term: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < term) low = middle + 1;
    else high = middle;
  }
  return low;
}
