/** From a list of files to Blobs that are verified: what is kept, at once; the rest, downloaded. */
import { PhotoglotError } from '../errors';
import type {
  DeliveredFiles,
  DeliveredManifest,
  DeliveryProgress,
  DeliverySource,
  Integrity,
} from '../protocol/delivery-contract';
import { bringFiles, type Delivery } from './bring-files';
import { DeliveryMeter } from './delivery-meter';
import { inDownloadTurn } from './download-turn';
import type { FileSource } from './file-source';
import { checkSignature } from './load-manifest';
import { inLocalTurn } from './local-turns';
import { modelKey } from './model-key';
import type { ModelStorage } from './model-storage';
import type { PauseGate } from './pause-gate';
import { resolveFiles, type ResolvedModel } from './resolve-files';

export interface DeliverOptions {
  readonly source: DeliverySource;
  /** Null for a listing. */
  readonly manifest: DeliveredManifest | null;
  /** Null for all. */
  readonly names: readonly string[] | null;
  readonly storage: ModelStorage;
  readonly gate: PauseGate;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DeliveryProgress) => void;
}

/**
 * Rejects as `ModelCache.download` says; what has arrived until then stays for the next time. Of
 * the tabs that want a model, one downloads it.
 */
export async function deliverFiles(options: DeliverOptions): Promise<DeliveredFiles> {
  const { source, manifest, names, storage, signal, onProgress } = options;
  if (manifest !== null) await checkSignature(manifest, source.publicKey);
  const key = manifest?.key ?? modelKey(source.from);
  const resolved = resolveFiles(source, manifest, names);
  const prepare = async (): Promise<Delivery> => {
    const model = await withKnownDigests(resolved, storage);
    return { ...options, key, model, integrity: integrityOf(model, options) };
  };
  let delivery = await prepare();
  let downloaded = 0;
  if (await isComplete(delivery)) {
    await reportCached(delivery);
  } else {
    const bring = async (tellOthers: (progress: DeliveryProgress) => void): Promise<void> => {
      // While this tab waited, another one may have brought it all, and established digests.
      delivery = await prepare();
      if (await isComplete(delivery)) await reportCached(delivery);
      else downloaded = await bringFiles(delivery, tellOthers);
    };
    const turn = { key, scope: storage.scope, signal, onWaiting: onProgress };
    if (storage.persistent) await inDownloadTurn(turn, bring);
    else await inLocalTurn(`${storage.scope}:${key}`, signal, () => bring(() => undefined));
  }
  return collect(delivery, downloaded);
}

/** A file without a digest must be what its first download brought. */
async function withKnownDigests(
  model: ResolvedModel,
  storage: ModelStorage,
): Promise<ResolvedModel> {
  const files = model.files.map(async (file): Promise<FileSource> => {
    if (file.sha256 !== null) return file;
    return { ...file, sha256: await storage.knownDigest(file.key) };
  });
  return { ...model, files: await Promise.all(files) };
}

function integrityOf(
  { files }: ResolvedModel,
  { source: { publicKey }, manifest }: DeliverOptions,
): Integrity {
  // A file whose digest nobody published goes by its address.
  if (files.some(({ key, sha256 }) => key !== sha256)) return 'first-use';
  return publicKey === null || manifest === null ? 'verified' : 'signed';
}

/** Whether all files are there, and known as those of this very manifest. */
async function isComplete({ model, manifest, storage, key }: Delivery): Promise<boolean> {
  const record = await storage.readModel(key);
  const isKnown =
    record?.version === model.version &&
    record.manifest?.text === manifest?.text &&
    // Kept for when there is no network to ask for it.
    ((manifest?.signature ?? null) === null ||
      record.manifest?.signature === manifest?.signature) &&
    model.files.every((file) => record.files[file.name] === file.key);
  if (!isKnown) return false;
  const states = await Promise.all(model.files.map((file) => storage.find(file.key)));
  return states.every((state) => state !== null && state.sha256 !== null);
}

async function reportCached({ model, storage, onProgress }: Delivery): Promise<void> {
  const files = model.files.map(async ({ name, key }) => {
    const bytes = (await storage.find(key))?.bytes ?? 0;
    return { name, loaded: bytes, total: bytes, from: 'cache' as const };
  });
  new DeliveryMeter(await Promise.all(files), onProgress);
}

async function collect(
  { key, model, storage, integrity }: Delivery,
  downloaded: number,
): Promise<DeliveredFiles> {
  const files = await Promise.all(
    model.files.map(async (file) => {
      const content = await storage.read(file.key);
      if (content !== null) return [file.name, content] as const;
      const message = `The file ${file.name} was removed from the cache while it was wanted.`;
      throw new PhotoglotError('storage', `${message} Load the model again.`);
    }),
  );
  // Of no weight: it only orders what is evicted first.
  await storage.touchModel(key, Date.now()).catch(() => undefined);
  return {
    key,
    files: Object.fromEntries(files),
    integrity,
    stored: storage.persistent,
    downloaded,
  };
}
