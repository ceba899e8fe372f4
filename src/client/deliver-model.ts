/** The page's side of a delivery: the worker downloads, the page chooses what, and asks to keep it. */
import type { ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import type {
  DeliveredFiles,
  DeliveredManifest,
  DeliveryContract,
  DeliveryProgress,
  DeliverySource,
} from '../protocol/delivery-contract';
import type { PauseController } from './pause-controller';
import type { CallOptions, WorkerLink } from './worker-link';

export interface DeliverModelOptions extends CallOptions<DeliveryProgress> {
  readonly source: DeliverySource;
  readonly pause: PauseController | undefined;
}

/** The manifest in the source's folder, checked. */
export interface CheckedManifest {
  readonly delivered: DeliveredManifest;
  readonly manifest: ModelManifest;
}

/** Rejects with what `ModelCache.download` rejects with. */
export async function deliverManifest(
  link: WorkerLink<DeliveryContract>,
  source: DeliverySource,
  signal: AbortSignal | undefined,
): Promise<CheckedManifest> {
  const delivered = await link.call('manifest', { source }, { signal });
  return { delivered, manifest: parseManifest(JSON.parse(delivered.text)) };
}

/**
 * Brings the named files.
 *
 * @param manifest null for a listing
 * @param names null for all
 */
export async function deliverFiles(
  link: WorkerLink<DeliveryContract>,
  manifest: DeliveredManifest | null,
  names: readonly string[] | null,
  { source, pause, signal, onProgress }: DeliverModelOptions,
): Promise<DeliveredFiles> {
  const id = crypto.randomUUID();
  const tell = (paused: boolean): void => {
    // A worker that is gone has nothing to halt; the call below tells.
    link.call('pause', { id, paused }).catch(() => undefined);
  };
  const unsubscribe = pause?.subscribe(tell);
  if (pause?.paused === true) tell(true);
  try {
    const delivered = await link.call(
      'files',
      { source, manifest, names, id },
      { signal, onProgress },
    );
    if (delivered.stored && delivered.downloaded > 0) askToKeep();
    return delivered;
  } finally {
    unsubscribe?.();
  }
}

/**
 * Asks the browser not to evict the origin's data by itself. Now, as there is something to lose
 * and the user has waited for it: Chromium decides by how much the site is used, Firefox asks the
 * user. A refusal changes nothing.
 */
function askToKeep(): void {
  // Absent in some browsers and in insecure contexts, whatever the type says.
  const storage = navigator.storage as StorageManager | undefined;
  if (typeof storage?.persist !== 'function') return;
  storage
    .persisted()
    .then((persisted) => persisted || storage.persist())
    .catch(() => undefined);
}
