import { PhotoglotError } from '../errors';

/** Throws `backend-unavailable` where WebGPU is not. */
export async function requireWebGpu(): Promise<void> {
  // Absent in some browsers, whatever the type says.
  const gpu = navigator.gpu as GPU | undefined;
  const adapter = await gpu?.requestAdapter();
  if (adapter) return;
  const got = gpu === undefined ? 'no WebGPU' : 'WebGPU without an adapter';
  throw new PhotoglotError(
    'backend-unavailable',
    `The device "webgpu" was asked for, but this browser has ${got}. Use the device "wasm".`,
  );
}
