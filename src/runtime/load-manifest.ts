/** The manifest of a model: from the network, or from the cache when the network is of no use. */
import { isPhotoglotError, type PhotoglotError } from '../errors';
import type { ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import { exchangeError, request, wrongContent } from './fetch-bytes';
import type { ModelCache } from './model-cache';

/** A server that is this slow (ms) counts as gone where there is a copy to go on with. */
const PATIENCE_MS = 4000;

export interface LoadManifestOptions {
  /** Absolute URL of the model's folder, ending in `/`. */
  readonly modelUrl: string;
  readonly cache: ModelCache;
  readonly signal: AbortSignal;
}

/**
 * The network comes first, so that a new version is noticed. Without an answer, or with one that
 * is not JSON (the log-in page of a hotel), the copy that was kept last serves.
 */
export async function loadManifest(options: LoadManifestOptions): Promise<ModelManifest> {
  const { cache, signal } = options;
  const url = manifestUrl(options.modelUrl);
  const kept = await cache.readManifest(url);
  if (kept === undefined) return parseManifest(await fetchJson(url, signal));
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const fetched = await fetchJson(url, patience).catch((thrown: unknown) => {
    signal.throwIfAborted();
    if (isPhotoglotError(thrown) && mayFallBack(thrown)) return kept;
    throw thrown;
  });
  return parseManifest(fetched);
}

/** To be called when the model's files are all there: what is kept must be complete. */
export async function keepManifest(
  modelUrl: string,
  manifest: ModelManifest,
  cache: ModelCache,
): Promise<boolean> {
  return cache.writeManifest(manifestUrl(modelUrl), manifest);
}

function manifestUrl(modelUrl: string): string {
  return new URL('manifest.json', modelUrl).href;
}

async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await request(url, { signal, cache: 'no-cache' });
  try {
    return await response.json();
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw wrongContent(url, 'not JSON', 'a manifest');
    throw exchangeError(thrown, url, signal);
  }
}

function mayFallBack({ code }: PhotoglotError): boolean {
  // `aborted` is our own patience: the caller's signal was looked at before.
  return code === 'network' || code === 'integrity' || code === 'aborted';
}
