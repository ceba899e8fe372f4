/** The WebGPU adapter that models would run on. */
import type { WebGpuCapabilities } from './capability-report';
import { detectWebGpu } from './detect-webgpu';
import { within } from './within';

/** Milliseconds; an adapter that has not answered by then counts as none. */
const PATIENCE_MS = 10_000;

/** Null where there is none. Never rejects. */
export function gpuAdapter(): Promise<WebGpuCapabilities | null> {
  return within(PATIENCE_MS, detectWebGpu, null);
}

/**
 * All that speed and vectors on this device depend on besides model and runtime, to be compared with
 * what was. The browser is taken as it calls itself, and not read: another one is another one.
 *
 * @param adapter null where it does not matter
 */
export function deviceFacts(adapter: WebGpuCapabilities | null): readonly (string | null)[] {
  const gpu =
    adapter === null ? [null] : [adapter.vendor, adapter.architecture, adapter.description];
  return [navigator.userAgent, ...gpu];
}
