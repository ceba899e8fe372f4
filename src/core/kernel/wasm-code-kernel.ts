/** The compiled kernels of `assembly/`, on a memory of the caller's. */
import { decodeBase64 } from '../base64';
import type { CodeKernel } from './code-kernel';
import { CODES_WASM } from './codes-wasm';
import { createWasmMemory, KernelMemory, WasmBuffer } from './kernel-memory';
import { shareMemory } from './share-memory';

/**
 * The kernels, or null where the engine lacks SIMD or WebAssembly is forbidden (a CSP without
 * `wasm-unsafe-eval`).
 * @param memory what they work on, with a maximum; shared or not
 * @param start the first address that is free in it
 */
export function createWasmCodeKernel(
  memory?: WebAssembly.Memory,
  start?: number,
): CodeKernel | null {
  try {
    const plain = decodeBase64(CODES_WASM);
    if (!WebAssembly.validate(plain)) return null;
    const imported = memory ?? createWasmMemory(false);
    const isShared = !(imported.buffer instanceof ArrayBuffer);
    const module = new WebAssembly.Module(isShared ? shareMemory(plain) : plain);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: imported } });
    // The compiler's own signatures; a test runs each of them.
    const operations = exports as unknown as Omit<CodeKernel, 'name' | 'memory' | 'shared'>;
    const own = new KernelMemory(new WasmBuffer(imported), start);
    return { ...operations, name: 'simd', memory: own, shared: isShared ? imported : null };
  } catch {
    return null;
  }
}
