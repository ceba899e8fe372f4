/** transformers.js loads a model and encodes texts, once. */
import { importPeer, loadPeerModel, loadPeerTokenizer } from './peer-library';

export interface PeerRequest {
  /** Absolute URL of the folder with the library, ORT's files and the model. */
  readonly peers: string;
  /** Name of the graph; that of its external weights ends in `_data`. */
  readonly graph: string;
  readonly texts: readonly string[];
  readonly only: 'download' | null;
}

export type PeerReply =
  { readonly step: 'session' | 'ready' } | { readonly step: 'failed'; readonly message: string };

async function work({ peers, graph, texts, only }: PeerRequest): Promise<void> {
  const library = await importPeer(peers, 'asyncify');
  const encode = await loadPeerModel(library, graph);
  reply({ step: 'session' });
  const tokenize = await loadPeerTokenizer(library);
  if (only === null) for (const text of texts) await encode(tokenize(text));
  reply({ step: 'ready' });
}

function reply(message: PeerReply): void {
  self.postMessage(message);
}

self.onmessage = ({ data }: MessageEvent<PeerRequest>) => {
  work(data).catch((thrown: unknown) => {
    reply({ step: 'failed', message: String(thrown) });
  });
};
