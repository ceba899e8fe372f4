/** What one writes without a library: all vectors in one array, and a loop. */
import { keep, kept } from './search-kept';
import type { Peer, PeerIndex } from './search-peer-index';
import type { Vectors } from './search-rows';

const KEY = 'plain loop';

export const plainLoop: Peer = {
  create: (_peers, { rows, dimension }) =>
    Promise.resolve(indexOf(new Float32Array(rows * dimension))),

  async open() {
    const vectors = await kept(KEY);
    if (!(vectors instanceof Float32Array)) throw new Error('No vectors are kept.');
    return indexOf(vectors);
  },
};

function indexOf(rows: Float32Array): PeerIndex {
  return {
    add(first, vectors) {
      vectors.forEach((vector, index) => {
        rows.set(vector, (first + index) * vector.length);
      });
    },
    search: (vector, limit) => bestRows(rows, vector, limit),
    save: () => keep(KEY, rows),
  };
}

/** Every row's dot product, and the best kept in order. */
function bestRows(rows: Float32Array, query: Vectors, limit: number): number[] {
  const dimension = query.length;
  const best: { row: number; score: number }[] = [];
  for (let row = 0, start = 0; start < rows.length; row++, start += dimension) {
    let score = 0;
    for (let at = 0; at < dimension; at++) {
      score += (query[at] as number) * (rows[start + at] as number);
    }
    const last = best[limit - 1];
    if (last !== undefined && score <= last.score) continue;
    const place = best.findIndex((other) => score > other.score);
    best.splice(place < 0 ? best.length : place, 0, { row, score });
    best.length = Math.min(best.length, limit);
  }
  return best.map(({ row }) => row);
}
