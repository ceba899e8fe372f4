/** Builds, keeps, opens and asks the index of one peer. */
import { hnswlib } from './search-hnswlib';
import { orama } from './search-orama';
import type { Built, PeerName } from './search-page';
import type { Peer, PeerIndex } from './search-peer-index';
import { plainLoop } from './search-plain-loop';
import { BLOCK_ROWS, rowBlocks, split, type RowSet, type Vectors } from './search-rows';
import { voy } from './search-voy';

interface PeerTask {
  readonly name: PeerName;
  /** Absolute URL of the folder with the libraries. */
  readonly peers: string;
  readonly set: RowSet;
}

export type PeerCall =
  | (PeerTask & { readonly step: 'build' | 'open' })
  | { readonly step: 'search'; readonly vector: Vectors; readonly limit: number };

export type PeerReply =
  | { readonly step: 'building'; readonly rows: number }
  | (Built & { readonly step: 'built' })
  | { readonly step: 'opened' }
  | { readonly step: 'found'; readonly rows: readonly number[] }
  | { readonly step: 'failed'; readonly message: string };

const PEERS: Readonly<Record<PeerName, Peer>> = {
  'hnswlib-wasm': hnswlib,
  'voy-search': voy,
  '@orama/orama': orama,
  'plain loop': plainLoop,
};

let index: PeerIndex | null = null;

async function answer(call: PeerCall): Promise<PeerReply> {
  switch (call.step) {
    case 'build':
      return { step: 'built', ...(await build(call)) };
    case 'open':
      index = await PEERS[call.name].open(call.peers, call.set);
      return { step: 'opened' };
    case 'search':
      if (index === null) throw new Error('There is no index.');
      return { step: 'found', rows: await index.search(call.vector, call.limit) };
  }
}

/** Making the rows does not count. */
async function build({ name, peers, set }: PeerTask): Promise<Built> {
  let since = performance.now();
  const made = await PEERS[name].create(peers, set);
  let ms = performance.now() - since;
  let first = 0;
  for (const block of rowBlocks(set)) {
    const vectors = split(block, set.dimension);
    since = performance.now();
    await made.add(first, vectors);
    ms += performance.now() - since;
    first += BLOCK_ROWS;
    self.postMessage({ step: 'building', rows: Math.min(first, set.rows) } satisfies PeerReply);
  }
  index = made;
  since = performance.now();
  try {
    await made.save();
    return { ms, saveMs: performance.now() - since, saveFailure: null };
  } catch (thrown) {
    return { ms, saveMs: null, saveFailure: String(thrown) };
  }
}

self.onmessage = ({ data }: MessageEvent<PeerCall>) => {
  void answer(data)
    .catch((thrown: unknown): PeerReply => ({ step: 'failed', message: String(thrown) }))
    .then((reply) => {
      self.postMessage(reply);
    });
};
