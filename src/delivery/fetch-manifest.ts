/** A small text file of a model's folder, from the first host that has it. */
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { DeliverySource } from '../protocol/delivery-contract';

/** No manifest is so large; what is, is something else. Bytes. */
const MOST_BYTES = 16 * 2 ** 20;

/** What a folder says of itself. */
export interface FetchedManifest {
  readonly text: string;
  /** Text of `manifest.json.sig`; null where it was not asked for. */
  readonly signature: string | null;
}

/**
 * Fetches `manifest.json`, and its signature where there is a key to check it with: from the same
 * host, as they belong together. Rejects with `network` or `integrity` of the first host.
 */
export async function fetchManifest(
  { publicKey, mirrors }: Pick<DeliverySource, 'publicKey' | 'mirrors'>,
  folder: string,
  signal: AbortSignal,
): Promise<FetchedManifest> {
  let first: PhotoglotError | undefined;
  for (const host of [folder, ...mirrors]) {
    try {
      const text = await fetchText(new URL('manifest.json', host).href, signal);
      refuseOther(text, new URL('manifest.json', host).href);
      return { text, signature: publicKey === null ? null : await fetchSignature(host, signal) };
    } catch (thrown) {
      signal.throwIfAborted();
      first ??= toPhotoglotError(thrown);
      // The right host with the wrong signature is no reason to go on to another one.
      if (first.code === 'signature-invalid') throw first;
    }
  }
  throw first ?? new PhotoglotError('internal', 'A model without a host.');
}

async function fetchSignature(host: string, signal: AbortSignal): Promise<string> {
  const url = new URL('manifest.json.sig', host).href;
  try {
    return await fetchText(url, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    throw new PhotoglotError(
      'signature-invalid',
      `The manifest has no signature: ${url} could not be fetched. A "publicKey" was given, so ` +
        'only a signed model is used. Sign it with "npx photoglot sign".',
      { cause: thrown },
    );
  }
}

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, { signal, cache: 'no-cache' });
    if (!response.ok) {
      const message = `${url} could not be fetched: the server answered ${response.status}. Is the model's folder served there?`;
      throw new PhotoglotError('network', message);
    }
    return await response.text();
  } catch (thrown) {
    if (signal.aborted) throw toPhotoglotError(signal.reason, 'aborted');
    if (thrown instanceof PhotoglotError) throw thrown;
    const message = `${url} could not be fetched: offline, blocked, or the connection broke. Check the connection and try again.`;
    throw new PhotoglotError('network', message, { cause: thrown });
  }
}

/** A development server answers with its start page, status 200, for files that are not there. */
function refuseOther(text: string, url: string): void {
  if (text.length <= MOST_BYTES && isJson(text)) return;
  const message = `${url} is not JSON, expected a manifest. Is the model's folder served there?`;
  throw new PhotoglotError('integrity', message);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
