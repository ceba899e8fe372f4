/** Scores all rows exactly, which takes minutes for a million. */
import { AcceptedRows } from '../search-accepted';
import type { Truth, TruthRequest } from './search-page';
import { queryVectors, rowBlocks } from './search-rows';

export type TruthReply = readonly Truth[];

function findTruth({ sizes, queries, ...kind }: TruthRequest): TruthReply {
  const ascending = [...sizes].sort((a, b) => a - b);
  const accepted = new AcceptedRows(queryVectors(kind, queries));
  const found: Truth[] = [];
  for (let block of rowBlocks({ ...kind, rows: ascending.at(-1) ?? 0 })) {
    // A block may hold the last row of several sizes.
    for (let size = ascending[found.length]; size !== undefined; size = ascending[found.length]) {
      const until = (size - accepted.seen) * kind.dimension;
      if (until > block.length) break;
      accepted.see(block.subarray(0, until));
      block = block.subarray(until);
      found.push({ rows: size, accepted: accepted.accepted() });
    }
    accepted.see(block);
  }
  return found;
}

self.onmessage = ({ data }: MessageEvent<TruthRequest>) => {
  self.postMessage(findTruth(data));
};
