import { inTime } from '../core/in-time';
import { PhotoglotError } from '../errors';

/** Milliseconds; some drivers that hang never answer. */
const PATIENCE_MS = 10_000;

/** Throws `backend-unavailable` where WebGPU is not, or gives no answer. */
export async function requireWebGpu(): Promise<void> {
  // Absent in some browsers, whatever the type says.
  const gpu = navigator.gpu as GPU | undefined;
  if (gpu === undefined) throw unavailable('no WebGPU');
  const adapter = await inTime(PATIENCE_MS, gpu.requestAdapter(), 'late');
  if (adapter === 'late') throw unavailable('WebGPU that does not answer');
  if (adapter === null) throw unavailable('WebGPU without an adapter');
}

function unavailable(got: string): PhotoglotError {
  return new PhotoglotError(
    'backend-unavailable',
    `The device "webgpu" was asked for, but this browser has ${got}. Use the device "wasm".`,
  );
}
