/** What the worker of the peers needs of each. */
import type { RowSet, Vectors } from './search-rows';

export interface PeerIndex {
  /** Rows `first`, `first + 1`, … */
  add(first: number, vectors: readonly Vectors[]): Promise<void> | void;
  /** Rows of the best vectors, best first. */
  search(vector: Vectors, limit: number): Promise<readonly number[]> | readonly number[];
  /** Keeps all of it in IndexedDB, by the library's own means or its export; rejects when it cannot. */
  save(): Promise<void>;
}

export interface Peer {
  /** @param peers absolute URL of the folder with the libraries, ending in `/` */
  create(peers: string, set: RowSet): Promise<PeerIndex>;
  /** What `save` kept. */
  open(peers: string, set: RowSet): Promise<PeerIndex>;
}
