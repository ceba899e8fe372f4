/** What this device and this page can do, found by trying, and what to do about what they cannot. */
import { adviceFor } from './capability-advice';
import type { Capabilities, StorageCapabilities } from './capability-report';
import { detectStorage } from './detect-storage';
import { hasJspi, hasRelaxedSimd, hasSimd } from './detect-wasm';
import { detectWebGpu } from './detect-webgpu';
import { within } from './within';

/** Milliseconds; what has not answered by then counts as not there. */
const PATIENCE_MS = 10_000;

const NO_STORAGE: StorageCapabilities = {
  indexedDb: false,
  quota: null,
  usage: null,
  persisted: null,
};

/** Absent in some browsers, or outside secure contexts, whatever the type says. */
interface PartialNavigator {
  readonly deviceMemory?: number;
  readonly hardwareConcurrency?: number;
  readonly locks?: LockManager;
}

/**
 * Reports what the browser can do for a model: needs no model and no worker, asks the network for
 * nothing, and never rejects.
 *
 * @example
 * const { memory, advice } = await capabilities();
 * const lens = await createLens({ model: 'mini', memory: memory !== null && memory < 4 ? 'low' : 'normal' });
 * for (const sentence of advice) console.info(sentence);
 */
export async function capabilities(): Promise<Capabilities> {
  const [webgpu, storage] = await Promise.all([
    within(PATIENCE_MS, detectWebGpu, null),
    within(PATIENCE_MS, detectStorage, NO_STORAGE),
  ]);
  const { deviceMemory, hardwareConcurrency, locks } = navigator as PartialNavigator;
  const isolated = globalThis.crossOriginIsolated;
  const available = isolated && 'SharedArrayBuffer' in globalThis;
  const report = {
    webgpu,
    wasm: { simd: hasSimd(), relaxedSimd: hasRelaxedSimd(), jspi: hasJspi() },
    threads: { available, count: available ? (hardwareConcurrency ?? 1) : 1 },
    crossOriginIsolated: isolated,
    memory: deviceMemory ?? null,
    cores: hardwareConcurrency ?? null,
    storage,
    webLocks: locks !== undefined,
    secureContext: globalThis.isSecureContext,
  };
  return { ...report, advice: adviceFor(report) };
}
