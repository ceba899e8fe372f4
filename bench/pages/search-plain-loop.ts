/** What one writes without a library: all vectors in one array, and a loop. */
import { bestRows } from './best-rows';
import { keep, kept } from './search-kept';
import type { Peer, PeerIndex } from './search-peer-index';

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
