/** The model cache as pages see it. */
import { lensFiles } from '../models/lens-files';
import type { ModelManifest } from '../models/manifest';
import type {
  CachedModel,
  CacheUsage,
  DeliveryContract,
  FileListing,
  VerifyReport,
} from '../protocol/delivery-contract';
import type { CallOptions } from './api';
import { deliverFiles, deliverManifest } from './deliver-model';
import { checkDownload, type CheckedDownload } from './download-options';
import type { DownloadedModel, DownloadOptions, ModelCache } from './model-cache-api';
import { firstVariants, planTowers } from './plan-towers';
import { spawnDeliveryWorker } from './spawn';
import { WorkerLink } from './worker-link';

/**
 * Opens the models that the browser keeps for this origin, for downloads ahead of time and for
 * housekeeping. `createLens` works without it.
 *
 * @example
 * const models = openModelCache();
 * await models.download('/models/bge-siglip/', { onProgress: ({ loaded, total }) => show(loaded / total) });
 * const lens = await createLens({ model: '/models/bge-siglip/' }); // from the cache
 */
export function openModelCache(): ModelCache {
  return new LocalModelCache();
}

class LocalModelCache implements ModelCache {
  readonly #link = new WorkerLink<DeliveryContract>(spawnDeliveryWorker);

  async download(
    model: string | URL | FileListing,
    options: DownloadOptions = {},
  ): Promise<DownloadedModel> {
    const checked = checkDownload(model, options);
    const { source, pause, signal, onProgress } = checked;
    const delivery = { source, pause, signal, onProgress };
    if (typeof source.from !== 'string') {
      const { id, version } = source.from;
      const delivered = await deliverFiles(this.#link, null, checked.files, delivery);
      return { ...delivered, id, version, manifest: null };
    }
    const { delivered, manifest } = await deliverManifest(this.#link, source, signal);
    const names = checked.files ?? (await namesFor(manifest, checked));
    const files = await deliverFiles(this.#link, delivered, names, delivery);
    return { ...files, id: manifest.id, version: manifest.version, manifest };
  }

  list({ signal }: CallOptions = {}): Promise<readonly CachedModel[]> {
    return this.#link.call('list', null, { signal });
  }

  verify(key: string, options: Parameters<ModelCache['verify']>[1] = {}): Promise<VerifyReport> {
    return this.#link.call('verify', { key }, options);
  }

  delete(key: string, { signal }: CallOptions = {}): Promise<boolean> {
    return this.#link.call('delete', { key }, { signal });
  }

  usage({ signal }: CallOptions = {}): Promise<CacheUsage> {
    return this.#link.call('usage', null, { signal });
  }

  dispose(): void {
    this.#link.dispose();
  }
}

/** What a lens on that device needs. */
async function namesFor(
  manifest: ModelManifest,
  checked: CheckedDownload,
): Promise<readonly string[]> {
  const { device, dtype, languages, ortUrl, signal } = checked;
  const wish = { device, dtype, languages, ortUrl, signal };
  const plans = await planTowers(manifest, { ...wish, smallest: false });
  return lensFiles(manifest, firstVariants(plans));
}
