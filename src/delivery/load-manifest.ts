/** The manifest of a model: from the network, or what is kept when the network is of no use. */
import { isPhotoglotError, PhotoglotError } from '../errors';
import { requireManifestSignature } from '../models/manifest-signature';
import type { DeliveredManifest, DeliverySource } from '../protocol/delivery-contract';
import { fetchManifest, type FetchedManifest } from './fetch-manifest';
import { modelKey } from './model-key';
import type { ModelStorage } from './model-storage';

/** A server that is this slow (ms) counts as gone where there is a copy to go on with. */
const PATIENCE_MS = 4000;

/**
 * The network comes first, so that a new version is noticed. Without an answer, or with one that
 * is no manifest (the log-in page of a hotel), the copy of the model that is kept serves. A
 * signature that is missing or wrong is no such case: it rejects.
 */
export async function loadManifest(
  source: DeliverySource,
  storage: ModelStorage,
  signal: AbortSignal,
): Promise<DeliveredManifest> {
  if (typeof source.from !== 'string') {
    throw new PhotoglotError('invalid-input', 'A listing of files has no manifest.');
  }
  const key = modelKey(source.from);
  const kept = (await storage.readModel(key).catch(() => null))?.manifest ?? null;
  const manifest = await fetchOr(source, source.from, kept, signal);
  await checkSignature(manifest, source.publicKey);
  return { key, ...manifest };
}

/** Throws `signature-invalid` where a key is given and the manifest is not signed with it. */
export async function checkSignature(
  { text, signature }: FetchedManifest,
  publicKey: string | null,
): Promise<void> {
  if (publicKey === null) return;
  await requireManifestSignature(new TextEncoder().encode(text), signature, publicKey);
}

async function fetchOr(
  source: DeliverySource,
  folder: string,
  kept: FetchedManifest | null,
  signal: AbortSignal,
): Promise<FetchedManifest> {
  if (kept === null) return fetchManifest(source, folder, signal);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  return fetchManifest(source, folder, patience).catch((thrown: unknown) => {
    signal.throwIfAborted();
    if (isPhotoglotError(thrown) && mayFallBack(thrown)) return kept;
    throw thrown;
  });
}

function mayFallBack({ code }: PhotoglotError): boolean {
  // `aborted` is our own patience: the caller's signal was looked at before.
  return code === 'network' || code === 'integrity' || code === 'aborted';
}
