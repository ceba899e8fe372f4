/** A model's manifest, with its signature, from the first host that has what is wanted. */
import { abortedError } from '../core/until-aborted';
import { isPhotoglotError, PhotoglotError } from '../errors';
import { requireManifestSignature } from '../models/manifest-signature';
import type { DeliverySource } from '../protocol/delivery-contract';
import type { DownloadRules } from './download-rules';
import { fetchSmallFile } from './fetch-small-file';
import { HostFailure } from './host-failure';
import { manifestText } from './manifest-text';

/** What a folder says of itself. */
export interface FetchedManifest {
  readonly text: string;
  /** Text of `manifest.json.sig`; null where it was not asked for. */
  readonly signature: string | null;
}

export interface FetchManifestOptions {
  readonly source: Pick<DeliverySource, 'publicKey' | 'mirrors'>;
  /** The first host. */
  readonly folder: string;
  readonly rules: DownloadRules;
  readonly signal: AbortSignal;
}

/**
 * Fetches `manifest.json`; and its signature where there is a key, with which it is checked: from
 * the same host, as they belong together. A host that has not got both, and right, is passed over.
 * Rejects when all are: with `signature-invalid` if that was the trouble with any, as it is what
 * the caller must hear of, else with `network` or `integrity` of the first.
 */
export async function fetchManifest(options: FetchManifestOptions): Promise<FetchedManifest> {
  const { source, folder, signal } = options;
  const failures: PhotoglotError[] = [];
  for (const host of [folder, ...source.mirrors]) {
    try {
      return await manifestOf(host, options);
    } catch (thrown) {
      if (signal.aborted) throw abortedError(signal);
      if (!isPhotoglotError(thrown) || !isOfHost(thrown)) throw thrown;
      failures.push(thrown);
    }
  }
  throw summed(failures);
}

async function manifestOf(host: string, options: FetchManifestOptions): Promise<FetchedManifest> {
  const { publicKey } = options.source;
  const url = new URL('manifest.json', host).href;
  const onPage = 'is not JSON, expected a manifest';
  const bytes = await fetchSmallFile({ ...options, url, onPage });
  const text = manifestText(bytes, url);
  if (publicKey === null) return { text, signature: null };
  const signature = await signatureOf(host, options);
  await requireManifestSignature(bytes, signature, publicKey);
  return { text, signature };
}

async function signatureOf(host: string, options: FetchManifestOptions): Promise<string> {
  const url = new URL('manifest.json.sig', host).href;
  const onPage = 'is an HTML page, expected a signature';
  try {
    return new TextDecoder().decode(await fetchSmallFile({ ...options, url, onPage }));
  } catch (thrown) {
    // A server in trouble is not one without a signature: that passes, and is no alarm.
    if (!(thrown instanceof HostFailure && thrown.isMissing)) throw thrown;
    throw new PhotoglotError(
      'signature-invalid',
      `The manifest has no signature: ${url} could not be fetched. A "publicKey" was given, so ` +
        'only a signed model is used. Sign it with "npx photoglot sign".',
      { cause: thrown },
    );
  }
}

/** Whether another host may do better. */
function isOfHost({ code }: PhotoglotError): boolean {
  return code === 'network' || code === 'integrity' || code === 'signature-invalid';
}

function summed(failures: readonly PhotoglotError[]): PhotoglotError {
  const told = failures.find(({ code }) => code === 'signature-invalid') ?? failures[0];
  if (told === undefined) return new PhotoglotError('internal', 'A model without a host.');
  const others = failures.filter((failure) => failure !== told).map(({ message }) => message);
  if (others.length === 0) return told;
  const message = [told.message, 'Other hosts:', ...others].join(' ');
  return new PhotoglotError(told.code, message, { cause: told });
}
