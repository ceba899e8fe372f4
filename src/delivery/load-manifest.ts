/** The manifest of a model: from the network, or what is kept when the network is of no use. */
import { abortedError } from '../core/until-aborted';
import { isPhotoglotError, PhotoglotError } from '../errors';
import { requireManifestSignature } from '../models/manifest-signature';
import type { DeliveredManifest, DeliverySource } from '../protocol/delivery-contract';
import { fetchManifest, type FetchedManifest, type FetchManifestOptions } from './fetch-manifest';
import { MANIFEST_RULES, type ManifestRules } from './manifest-rules';
import { manifestBytes } from './manifest-text';
import { modelKey } from './model-key';
import type { ModelStorage } from './model-storage';

/**
 * The network comes first, so that a new version is noticed. Without an answer, or with one that
 * is no manifest (the log-in page of a hotel), the copy of the model that is kept serves, if it is
 * signed where that is wanted. A signature that is missing or wrong is no such case: it rejects.
 *
 * @param rules for tests
 */
export async function loadManifest(
  source: DeliverySource,
  storage: ModelStorage,
  signal: AbortSignal,
  rules: Partial<ManifestRules> = {},
): Promise<DeliveredManifest> {
  const { from: folder, publicKey } = source;
  if (typeof folder !== 'string') {
    throw new PhotoglotError('invalid-input', 'A listing of files has no manifest.');
  }
  const key = modelKey(folder);
  const options = { source, folder, signal, rules: { ...MANIFEST_RULES, ...rules } };
  const kept = (await storage.readModel(key).catch(() => null))?.manifest ?? null;
  const isOfUse = kept !== null && (await isSigned(kept, publicKey));
  const manifest = isOfUse ? await fetchOr(kept, options) : await fetchManifest(options);
  return { key, ...manifest };
}

/** Throws `signature-invalid` where a key is given and the manifest is not signed with it. */
export async function checkSignature(
  { text, signature }: FetchedManifest,
  publicKey: string | null,
): Promise<void> {
  if (publicKey === null) return;
  await requireManifestSignature(manifestBytes(text), signature, publicKey);
}

/** As far as that is wanted. */
async function isSigned(kept: FetchedManifest, publicKey: string | null): Promise<boolean> {
  try {
    await checkSignature(kept, publicKey);
    return true;
  } catch (thrown) {
    if (isPhotoglotError(thrown) && thrown.code === 'signature-invalid') return false;
    throw thrown;
  }
}

/** With a copy to go on with, every host has one chance, and all of them little time. */
async function fetchOr(
  kept: FetchedManifest,
  { rules, signal, ...options }: FetchManifestOptions & { readonly rules: ManifestRules },
): Promise<FetchedManifest> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(rules.patienceMs)]);
  try {
    return await fetchManifest({ ...options, rules: { ...rules, failures: 1 }, signal: patience });
  } catch (thrown) {
    if (signal.aborted) throw abortedError(signal);
    if (patience.aborted || mayFallBack(thrown)) return kept;
    throw thrown;
  }
}

function mayFallBack(thrown: unknown): boolean {
  return isPhotoglotError(thrown) && (thrown.code === 'network' || thrown.code === 'integrity');
}
