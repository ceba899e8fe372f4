/** Makes the flat arrays of a trie, level by level, without an object per node. */

/** A trie of UTF-16 units; node 0 is the root. Nodes are numbered level by level. */
export interface TrieArrays {
  /** Node → the unit that leads to it; the children of a node lie side by side, by their units. */
  readonly labels: Uint16Array;
  /** Node → its first child, which is the end of the children of the node before; one more at the end. */
  readonly firstChild: Int32Array;
  /** Node → the id of the piece that ends there, or -1; of equal pieces the last. */
  readonly ids: Int32Array;
  /** Id → node. */
  readonly nodes: Int32Array;
}

/** A trie of `pieces`, whose places are their ids. */
export function buildPieceTrie(pieces: readonly string[]): TrieArrays {
  const { units, starts } = flatten(pieces);
  let columns = createColumns(2 * pieces.length + 2);
  const nodes = new Int32Array(pieces.length);
  // Every node stands for a range of `order`, the pieces that begin as it does.
  const order = Int32Array.from(pieces.keys());
  const keys = new Float64Array(pieces.length);
  columns.to[0] = pieces.length;
  let made = 1;
  let levelEnd = 1;
  for (let node = 0, depth = 0; node < made; node++) {
    if (node === levelEnd) {
      levelEnd = made;
      depth++;
    }
    let at = columns.from[node] as number;
    const to = columns.to[node] as number;
    // Most nodes have one piece, and then there is nothing to sort and no view to make.
    if (to - at > 1) sortByUnit(order.subarray(at, to), depth, keys);
    columns.firstChild[node] = made;
    columns.ids[node] = -1;
    while (at < to) {
      const id = order[at] as number;
      const unit = unitOf(id, depth);
      if (unit === ENDED) {
        columns.ids[node] = id;
        nodes[id] = node;
        at++;
        continue;
      }
      if (made === columns.labels.length) columns = enlarge(columns);
      columns.labels[made] = unit;
      columns.from[made] = at;
      do at++;
      while (at < to && unitOf(order[at] as number, depth) === unit);
      columns.to[made++] = at;
    }
  }
  const firstChild = new Int32Array(made + 1).fill(made);
  firstChild.set(columns.firstChild.subarray(0, made));
  const ids = columns.ids.slice(0, made);
  // An empty piece ends at the root, where a search never looks.
  ids[0] = -1;
  return { labels: columns.labels.slice(0, made), firstChild, ids, nodes };

  function unitOf(id: number, depth: number): number {
    const at = (starts[id] as number) + depth;
    return at < (starts[id + 1] as number) ? (units[at] as number) : ENDED;
  }

  /** Sorts ids by a unit of their pieces, those that have ended first, then by themselves. */
  function sortByUnit(ids: Int32Array, depth: number, room: Float64Array): void {
    // One number per piece, exact below 2^53: a sort of numbers calls nothing per comparison.
    const used = room.subarray(0, ids.length);
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index] as number;
      used[index] = (unitOf(id, depth) + 1) * 2 ** 32 + id;
    }
    used.sort();
    // Numbers go into such an array modulo 2^32.
    ids.set(used);
  }
}

/** In place of the unit of a piece that has no more. */
const ENDED = -1;

/** All pieces one after the other: strings are far apart, and each level would look at all. */
function flatten(pieces: readonly string[]): { units: Uint16Array; starts: Int32Array } {
  const starts = new Int32Array(pieces.length + 1);
  pieces.forEach((piece, id) => (starts[id + 1] = (starts[id] as number) + piece.length));
  const units = new Uint16Array(starts[pieces.length] as number);
  let at = 0;
  for (const piece of pieces)
    for (let index = 0; index < piece.length; index++) units[at++] = piece.charCodeAt(index);
  return { units, starts };
}

interface Columns {
  readonly labels: Uint16Array;
  readonly firstChild: Int32Array;
  readonly ids: Int32Array;
  /** Node → its range of pieces. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

function createColumns(room: number): Columns {
  return {
    labels: new Uint16Array(room),
    firstChild: new Int32Array(room),
    ids: new Int32Array(room),
    from: new Int32Array(room),
    to: new Int32Array(room),
  };
}

function enlarge(columns: Columns): Columns {
  const larger = createColumns(2 * columns.labels.length);
  larger.labels.set(columns.labels);
  larger.firstChild.set(columns.firstChild);
  larger.ids.set(columns.ids);
  larger.from.set(columns.from);
  larger.to.set(columns.to);
  return larger;
}
