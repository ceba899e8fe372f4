/**
 * Finds rows by the hash of their id: all hashes in ascending order, and the row of each. Eight bytes a
 * row like a hash table, but it lies in the file as it is searched, and no ids slow it down by clashing.
 */
import { damaged } from '../segment/segment-format';

/** Hash and row are sorted as one number, which has to be exact. */
export const MAX_ROWS = 2 ** 20;

/** The two columns, of the same length. */
export interface IdColumns {
  readonly hashes: Uint32Array<ArrayBuffer>;
  readonly rows: Uint32Array<ArrayBuffer>;
}

/** @param hashes per row that of its id; {@link MAX_ROWS} at most */
export function sortIds(hashes: Uint32Array): IdColumns {
  // Loops, as `from` with a function takes many times as long.
  const keys = new Float64Array(hashes.length);
  for (let row = 0; row < keys.length; row++) keys[row] = (hashes[row] ?? 0) * MAX_ROWS + row;
  keys.sort();
  const sorted = { hashes: new Uint32Array(keys.length), rows: new Uint32Array(keys.length) };
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place] ?? 0;
    sorted.hashes[place] = Math.floor(key / MAX_ROWS);
    sorted.rows[place] = key % MAX_ROWS;
  }
  return sorted;
}

export class IdIndex {
  readonly #columns: IdColumns;

  /** Throws `storage` for columns that are none. */
  constructor(columns: IdColumns) {
    const { hashes, rows } = columns;
    const isSorted = hashes.every((hash, place) => place === 0 || hash >= (hashes[place - 1] ?? 0));
    if (!isSorted || rows.some((row) => row >= rows.length)) {
      throw damaged('its ids are not in order');
    }
    this.#columns = columns;
  }

  /** Rows whose id has this hash, ascending: few, and maybe none has the id. */
  rowsOf(hash: number): Uint32Array {
    const { hashes, rows } = this.#columns;
    const first = lowerBound(hashes, hash);
    let end = first;
    while (hashes[end] === hash) end++;
    return rows.subarray(first, end);
  }
}

/** The first place whose number is not less than `wanted`. */
function lowerBound(numbers: Uint32Array, wanted: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
