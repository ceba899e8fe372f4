/**
 * transformers.js as its users have it: its own build of ONNX Runtime, its hub client and its cache.
 * Only its addresses are changed, to our server, and the names of the files, to those of the model.
 */

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

type Encode = (input: unknown) => Promise<unknown>;

/** What is used of the library. */
interface Library {
  readonly env: {
    allowLocalModels: boolean;
    remoteHost: string;
    remotePathTemplate: string;
    useWasmCache: boolean;
    readonly backends: {
      readonly onnx: {
        readonly wasm: { wasmPaths: { readonly mjs: string; readonly wasm: string } };
      };
    };
  };
  readonly AutoModel: { from_pretrained(model: string, options: object): Promise<Encode> };
  readonly AutoTokenizer: {
    from_pretrained(model: string): Promise<(text: string) => unknown>;
  };
}

const MODEL = 'model';

async function work({ peers, graph, texts, only }: PeerRequest): Promise<void> {
  const url = `${peers}transformers/transformers.min.js`;
  const { env, AutoModel, AutoTokenizer } = (await import(/* @vite-ignore */ url)) as Library;
  const ort = `${peers}ort/ort-wasm-simd-threaded.asyncify`;
  env.allowLocalModels = false;
  env.remoteHost = `${peers}hub/`;
  env.remotePathTemplate = '{model}/';
  // Its copy of ORT's own files is compiled anew each time; those in the HTTP cache are not.
  env.useWasmCache = false;
  env.backends.onnx.wasm.wasmPaths = { mjs: `${ort}.mjs`, wasm: `${ort}.wasm` };
  const encode = await AutoModel.from_pretrained(MODEL, {
    // It makes the name of a float32 graph without any suffix, whatever is in the file.
    dtype: 'fp32',
    model_file_name: graph.replace(/\.onnx$/, ''),
    use_external_data_format: true,
    device: 'wasm',
  });
  reply({ step: 'session' });
  const tokenize = await AutoTokenizer.from_pretrained(MODEL);
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
