/** Which rows a search should find, by exact scores. */

/** Rows of the answer. */
const LIMIT = 10;
/** A row counts as found whose score is at most so little below the tenth. */
export const TOLERANCE = 1e-3;

interface Candidates {
  /** The highest scores, descending. */
  readonly best: number[];
  /** Rows that were good enough when they came. */
  rows: { readonly row: number; readonly score: number }[];
}

/** Looks at row after row for all queries, and tells at any time which are to be found so far. */
export class AcceptedRows {
  readonly #queries: readonly Float32Array[];
  readonly #found: readonly Candidates[];
  #seen = 0;

  constructor(queries: readonly Float32Array[]) {
    this.#queries = queries;
    this.#found = queries.map(() => ({ best: [], rows: [] }));
  }

  /** Rows so far. */
  get seen(): number {
    return this.#seen;
  }

  /** The next rows, one behind the other. */
  see(vectors: Float32Array): void {
    let count = 0;
    this.#queries.forEach((query, index) => {
      const found = this.#found[index];
      count = vectors.length / query.length;
      for (let at = 0; found !== undefined && at < count; at++) {
        consider(found, this.#seen + at, dot(vectors, at * query.length, query));
      }
    });
    this.#seen += count;
  }

  /** By query, ascending. */
  accepted(): number[][] {
    return this.#found.map((found) => {
      const least = leastOf(found);
      found.rows = found.rows.filter(({ score }) => score >= least);
      return found.rows.map(({ row }) => row);
    });
  }
}

function consider(found: Candidates, row: number, score: number): void {
  if (score < leastOf(found)) return;
  found.rows.push({ row, score });
  const { best } = found;
  const place = best.findIndex((other) => score > other);
  best.splice(place < 0 ? best.length : place, 0, score);
  best.length = Math.min(best.length, LIMIT);
}

function leastOf({ best }: Candidates): number {
  return (best[LIMIT - 1] ?? -Infinity) - TOLERANCE;
}

/** In float64, four sums side by side. */
function dot(rows: Float32Array, start: number, query: Float32Array): number {
  const { length } = query;
  const whole = length - (length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < whole; at += 4) {
    const row = start + at;
    a += (rows[row] as number) * (query[at] as number);
    b += (rows[row + 1] as number) * (query[at + 1] as number);
    c += (rows[row + 2] as number) * (query[at + 2] as number);
    d += (rows[row + 3] as number) * (query[at + 3] as number);
  }
  for (let at = whole; at < length; at++) {
    a += (rows[start + at] as number) * (query[at] as number);
  }
  return a + b + c + d;
}
