/** Scores all rows of a file exactly for the queries of another. */
import { AcceptedRows } from '../search-accepted';
import { fetchNpy, fetchVectors } from './npy-rows';
import type { RecallRequest } from './recall-page';
import type { Truth } from './search-page';

export type RecallTruthReply = Truth | { readonly failure: string };

async function findTruth({ rows, queries }: RecallRequest): Promise<Truth> {
  const accepted = new AcceptedRows(await fetchVectors(queries));
  const { pieces } = await fetchNpy(rows);
  for await (const piece of pieces) accepted.see(piece);
  return { rows: accepted.seen, accepted: accepted.accepted() };
}

self.onmessage = ({ data }: MessageEvent<RecallRequest>) => {
  findTruth(data)
    .catch((thrown: unknown): RecallTruthReply => ({ failure: String(thrown) }))
    .then(
      (reply) => {
        self.postMessage(reply);
      },
      (thrown: unknown) => {
        reportError(thrown);
      },
    );
};
