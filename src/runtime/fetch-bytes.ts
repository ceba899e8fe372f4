/** A model file over the network: its bytes, as many as the manifest says, or a typed error. */
import { PhotoglotError, toPhotoglotError } from '../errors';

export interface FetchBytesOptions {
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  readonly signal: AbortSignal;
  readonly onProgress: (loaded: number) => void;
}

/**
 * Fetches a file of exactly `size` bytes. Rejects with `network` when there is no answer or an
 * error status, with `integrity` when something else than the file was served, with
 * `session-failed` when the browser cannot hold so many bytes.
 */
export async function fetchBytes(options: FetchBytesOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { url, size, signal } = options;
  // First of all: there is no use in downloading what does not fit.
  const bytes = allocate(url, size);
  // Our own cache keeps the file; a second copy, and a bad one at that, must not stick.
  const response = await request(url, { signal, cache: 'no-store' });
  const type = response.headers.get('content-type') ?? '';
  if (/^text\/html\b/i.test(type)) throw wrongContent(url, 'an HTML page', 'a model file');
  if (response.body === null) throw sizeError(url, 0, size);
  try {
    return await readExactly(response.body.getReader(), bytes, options);
  } catch (thrown) {
    throw exchangeError(thrown, url, signal);
  }
}

/** `fetch` with typed errors; the answer's status is 2xx. */
export async function request(
  url: string,
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<Response> {
  const response = await fetch(url, init).catch((thrown: unknown) => {
    throw exchangeError(thrown, url, init.signal);
  });
  if (response.ok) return response;
  const message = `${url} could not be fetched: the server answered ${response.status}.`;
  throw new PhotoglotError('network', message);
}

/** A development server answers with its start page, status 200, for files that are not there. */
export function wrongContent(url: string, got: string, expected: string): PhotoglotError {
  const message = `${url} is ${got}, expected ${expected}. Is the model's folder served there?`;
  return new PhotoglotError('integrity', message);
}

/** A failed exchange as an error of the family. */
export function exchangeError(thrown: unknown, url: string, signal: AbortSignal): PhotoglotError {
  if (signal.aborted) return toPhotoglotError(signal.reason, 'aborted');
  if (thrown instanceof PhotoglotError) return thrown;
  const message = `${url} could not be fetched: offline, blocked, or the connection broke.`;
  return new PhotoglotError('network', message, { cause: thrown });
}

function allocate(url: string, size: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(size);
  } catch (thrown) {
    const message = `${url} has ${String(size)} bytes, more than this browser can hold in memory.`;
    throw new PhotoglotError('session-failed', `${message} Try a smaller "dtype".`, {
      cause: thrown,
    });
  }
}

async function readExactly(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  bytes: Uint8Array<ArrayBuffer>,
  { url, size, onProgress }: FetchBytesOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  let loaded = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (loaded + value.length > size) {
      await reader.cancel();
      throw sizeError(url, `more than ${String(size)}`, size);
    }
    bytes.set(value, loaded);
    loaded += value.length;
    onProgress(loaded);
  }
  if (loaded !== size) throw sizeError(url, loaded, size);
  return bytes;
}

function sizeError(url: string, got: number | string, expected: number): PhotoglotError {
  const message = `${url} has ${String(got)} bytes, expected ${String(expected)}.`;
  return new PhotoglotError('integrity', message);
}
