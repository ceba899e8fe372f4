/**
 * transformers.js as its users have it: its own build of ONNX Runtime, its hub client and its cache.
 * Only its addresses are changed, to our server, and the names of the files, to those of the model.
 */

/** Which of its ORT's builds: the one it takes by itself, or the one without WebGPU. */
export type PeerBuild = 'asyncify' | 'plain';

export interface PeerTokens {
  readonly input_ids: { readonly dims: readonly number[] };
}

export type PeerEncode = (
  tokens: PeerTokens,
) => Promise<Readonly<Record<string, { readonly data: unknown }>>>;

export type PeerTokenize = (text: string) => PeerTokens;

/** What is used of the library. */
export interface PeerLibrary {
  readonly env: {
    allowLocalModels: boolean;
    remoteHost: string;
    remotePathTemplate: string;
    useWasmCache: boolean;
    readonly backends: {
      readonly onnx: {
        readonly wasm: {
          wasmPaths: { readonly mjs: string; readonly wasm: string };
          numThreads: number | undefined;
        };
      };
    };
  };
  readonly AutoModel: { from_pretrained(model: string, options: object): Promise<PeerEncode> };
  readonly AutoTokenizer: { from_pretrained(model: string): Promise<PeerTokenize> };
}

const MODEL = 'model';

const SUFFIXES: Readonly<Record<PeerBuild, string>> = { asyncify: '.asyncify', plain: '' };

/** @param peers absolute URL of the folder with the library, ORT's files and the model */
export async function importPeer(peers: string, build: PeerBuild): Promise<PeerLibrary> {
  const url = `${peers}transformers/transformers.min.js`;
  const library = (await import(/* @vite-ignore */ url)) as PeerLibrary;
  const { env } = library;
  const ort = `${peers}ort/ort-wasm-simd-threaded${SUFFIXES[build]}`;
  env.allowLocalModels = false;
  env.remoteHost = `${peers}hub/`;
  env.remotePathTemplate = '{model}/';
  // Its copy of ORT's own files is compiled anew each time; those in the HTTP cache are not.
  env.useWasmCache = false;
  env.backends.onnx.wasm.wasmPaths = { mjs: `${ort}.mjs`, wasm: `${ort}.wasm` };
  return library;
}

/** @param graph name of the graph; that of its external weights ends in `_data` */
export function loadPeerModel({ AutoModel }: PeerLibrary, graph: string): Promise<PeerEncode> {
  return AutoModel.from_pretrained(MODEL, {
    // It makes the name of a float32 graph without any suffix, whatever is in the file.
    dtype: 'fp32',
    model_file_name: graph.replace(/\.onnx$/, ''),
    use_external_data_format: true,
    device: 'wasm',
  });
}

export function loadPeerTokenizer({ AutoTokenizer }: PeerLibrary): Promise<PeerTokenize> {
  return AutoTokenizer.from_pretrained(MODEL);
}
