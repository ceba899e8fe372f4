/**
 * transformers.js as an encoder that stays. Its pipeline takes the vector from an output named
 * `last_hidden_state`, which the graph does not have, so the model is called directly.
 */
import type { PeerModelRequest } from './models-page';
import {
  importPeer,
  loadPeerModel,
  loadPeerTokenizer,
  type PeerEncode,
  type PeerTokenize,
} from './peer-library';

export type PeerCall =
  | { readonly step: 'open'; readonly peers: string; readonly request: PeerModelRequest }
  | { readonly step: 'encode'; readonly text: string };

export type PeerAnswer =
  | { readonly step: 'opened'; readonly threads: number }
  | { readonly step: 'encoded'; readonly vector: Float32Array; readonly tokens: number }
  | { readonly step: 'failed'; readonly message: string };

interface Loaded {
  readonly encode: PeerEncode;
  readonly tokenize: PeerTokenize;
  readonly output: string;
}

let loaded: Loaded | null = null;

async function answer(call: PeerCall): Promise<PeerAnswer> {
  return call.step === 'open' ? open(call.peers, call.request) : encodeOne(call.text);
}

async function open(
  peers: string,
  { build, graph, output, threads }: PeerModelRequest,
): Promise<PeerAnswer> {
  const library = await importPeer(peers, build);
  const { wasm } = library.env.backends.onnx;
  wasm.numThreads = threads;
  const [encode, tokenize] = await Promise.all([
    loadPeerModel(library, graph),
    loadPeerTokenizer(library),
  ]);
  loaded = { encode, tokenize, output };
  // ORT sets it to 1 where threads do not work.
  return { step: 'opened', threads: wasm.numThreads };
}

async function encodeOne(text: string): Promise<PeerAnswer> {
  if (loaded === null) throw new Error('No model is loaded.');
  const tokens = loaded.tokenize(text);
  const vector = (await loaded.encode(tokens))[loaded.output]?.data;
  if (!(vector instanceof Float32Array)) throw new Error(`There is no output ${loaded.output}.`);
  return { step: 'encoded', vector, tokens: tokens.input_ids.dims.at(-1) ?? 0 };
}

self.onmessage = ({ data }: MessageEvent<PeerCall>) => {
  void answer(data)
    .catch((thrown: unknown): PeerAnswer => ({ step: 'failed', message: String(thrown) }))
    .then((result) => {
      self.postMessage(result);
    });
};
