/** The worker of the model cache. */
import { isPhotoglotError } from '../errors';
import type { CallContext } from '../protocol/contract-types';
import type {
  CachedModel,
  CacheUsage,
  DeliveredFiles,
  DeliveredManifest,
  DeliveryContract,
  DeliveryProgress,
  DeliverySource,
  VerifyProgress,
  VerifyReport,
} from '../protocol/delivery-contract';
import { cacheUsage } from './cache-usage';
import { deleteModel } from './delete-model';
import { deliverFiles } from './deliver-files';
import { sha256OfBlob } from './digest-stream';
import { IndexedDbStorage } from './indexed-db-storage';
import { loadManifest } from './load-manifest';
import { MemoryStorage } from './memory-storage';
import type { ModelStorage } from './model-storage';
import { estimateOrigin, isOriginPersisted } from './origin-storage';
import { PauseGate } from './pause-gate';
import { verifyModel } from './verify-model';

type Arguments<Name extends keyof DeliveryContract> = Parameters<DeliveryContract[Name]>[0];

export class DeliveryHost implements DeliveryContract {
  readonly #persistent: ModelStorage = new IndexedDbStorage();
  readonly #memory: ModelStorage = new MemoryStorage();
  readonly #gates = new Map<string, PauseGate>();

  async manifest(
    { source }: Arguments<'manifest'>,
    { signal }: CallContext<never>,
  ): Promise<DeliveredManifest> {
    return loadManifest(source, await this.#storageFor(source), signal);
  }

  async files(
    { source, manifest, names, id }: Arguments<'files'>,
    { signal, progress }: CallContext<DeliveryProgress>,
  ): Promise<DeliveredFiles> {
    const storage = await this.#storageFor(source);
    const gate = this.#gate(id);
    try {
      const options = { source, manifest, names, storage, gate, signal };
      return await deliverFiles({ ...options, onProgress: progress });
    } finally {
      this.#gates.delete(id);
    }
  }

  pause({ id, paused }: Arguments<'pause'>): Promise<void> {
    if (paused) this.#gate(id).pause();
    // One that is not known has ended, and must not be remembered for ever.
    else this.#gates.get(id)?.resume();
    return Promise.resolve();
  }

  list(): Promise<readonly CachedModel[]> {
    return this.#persistent.listModels();
  }

  verify(
    { key }: Arguments<'verify'>,
    { signal, progress }: CallContext<VerifyProgress>,
  ): Promise<VerifyReport> {
    const storage = this.#persistent;
    return verifyModel({ storage, key, hash: sha256OfBlob, signal, onProgress: progress });
  }

  delete({ key }: Arguments<'delete'>): Promise<boolean> {
    return deleteModel(this.#persistent, key);
  }

  usage(): Promise<CacheUsage> {
    const storage = this.#persistent;
    return cacheUsage({ storage, estimate: estimateOrigin, isPersisted: isOriginPersisted });
  }

  #gate(id: string): PauseGate {
    const gate = this.#gates.get(id) ?? new PauseGate();
    this.#gates.set(id, gate);
    return gate;
  }

  /** Memory where nothing may be kept: a private window, storage denied, or a newer release's data. */
  async #storageFor({ storage }: DeliverySource): Promise<ModelStorage> {
    if (storage === 'memory') return this.#memory;
    try {
      await this.#persistent.listModels();
      return this.#persistent;
    } catch (thrown) {
      if (isPhotoglotError(thrown) && thrown.code === 'quota-exceeded') throw thrown;
      return this.#memory;
    }
  }
}
