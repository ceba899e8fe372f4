/** transformers.js, set up once per worker: nothing of it comes from anywhere but where it was told. */
import type * as Transformers from '@huggingface/transformers';
import { PhotoglotError, toPhotoglotError } from '../../errors';
import type { TransformersLoad } from '../../protocol/transformers-contract';

export type Library = typeof Transformers;

/** The library, and how it is to call the model. */
export interface PreparedLibrary {
  readonly library: Library;
  /** What its `from_pretrained` is to be given. */
  readonly model: { readonly id: string; readonly revision: string };
  /** Whether a file was asked of the network, by its name in the repository. */
  readonly wasFetched: (file: string) => boolean;
}

/**
 * Rejects with `backend-unavailable` when the library cannot be had.
 *
 * @param threads of WASM
 */
export async function loadLibrary(
  { libraryUrl, source, wasmUrl }: TransformersLoad,
  threads: number,
): Promise<PreparedLibrary> {
  const library = await importLibrary(libraryUrl);
  const { env } = library;
  const { wasm } = env.backends.onnx;
  if (wasm === undefined) {
    throw new PhotoglotError(
      'backend-unavailable',
      `transformers.js ${env.version} has no ONNX Runtime that can be told where its files are.`,
    );
  }
  // Never from a CDN, which is what it would do by itself.
  wasm.wasmPaths = wasmUrl;
  wasm.numThreads = threads;
  env.logLevel = library.LogLevel.ERROR;
  const fetched: string[] = [];
  env.fetch = async (input, init?: RequestInit) => {
    fetched.push(String(input));
    return answer(input, init);
  };
  const wasFetched = (file: string): boolean => fetched.some((url) => url.endsWith(`/${file}`));
  if (source.kind === 'repository') {
    if (source.host !== null) env.remoteHost = source.host;
    return { library, model: { id: source.id, revision: source.revision }, wasFetched };
  }
  const { origin, pathname } = new URL(source.url);
  env.remoteHost = `${origin}/`;
  // An empty part would become a second slash.
  env.remotePathTemplate = pathname.slice(1) || './';
  return { library, model: { id: 'model', revision: 'main' }, wasFetched };
}

async function importLibrary(url: string | null): Promise<Library> {
  try {
    // By its name in the very expression: that is what a bundler finds.
    if (url === null) return await import('@huggingface/transformers');
    return (await import(/* @vite-ignore */ url)) as Library;
  } catch (thrown) {
    const message =
      url === null
        ? 'The package "@huggingface/transformers", which runs this model, is not there. Install ' +
          'it (npm install @huggingface/transformers); without a bundler that packs it into the ' +
          'worker, serve its dist/transformers.min.js and give its URL as the option "library".'
        : `transformers.js could not be loaded from ${url}, the option "library".`;
    throw new PhotoglotError('backend-unavailable', message, { cause: thrown });
  }
}

/** A server that does not answer, or not now, gets the code for that; what is not there is the library's to judge. */
async function answer(input: string | URL, init: RequestInit | undefined): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') throw toPhotoglotError(thrown);
    const message = `No answer from ${String(input)}: offline, or not allowed by CORS.`;
    throw new PhotoglotError('network', message, { cause: thrown });
  }
  if (response.status < 500) return response;
  const message = `The server answered ${response.status} to ${String(input)}.`;
  throw new PhotoglotError('network', message);
}
