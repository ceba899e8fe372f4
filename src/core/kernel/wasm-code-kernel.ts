/** The compiled kernels of `assembly/`, on a memory of the caller's. */
import { decodeBase64 } from '../base64';
import type { CodeKernel, CodeKernelName } from './code-kernel';
import { CODES_RELAXED_WASM } from './codes-relaxed-wasm';
import { CODES_SIMD_WASM } from './codes-simd-wasm';
import { createWasmMemory, KernelMemory, WasmBuffer } from './kernel-memory';
import { shareMemory } from './share-memory';

const BINARIES = { 'relaxed-simd': CODES_RELAXED_WASM, simd: CODES_SIMD_WASM } as const;

/**
 * The kernels, or null where the engine lacks the instructions or WebAssembly is forbidden (a CSP
 * without `wasm-unsafe-eval`).
 * @param memory what they work on, with a maximum; shared or not
 * @param start the first address that is free in it
 */
export function createWasmCodeKernel(
  name: Exclude<CodeKernelName, 'scalar'>,
  memory?: WebAssembly.Memory,
  start?: number,
): CodeKernel | null {
  try {
    const plain = decodeBase64(BINARIES[name]);
    if (!WebAssembly.validate(plain)) return null;
    const imported = memory ?? createWasmMemory(false);
    const isShared = !(imported.buffer instanceof ArrayBuffer);
    const module = new WebAssembly.Module(isShared ? shareMemory(plain) : plain);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: imported } });
    // The compiler's own signatures; a test runs each of them.
    const operations = exports as unknown as Omit<CodeKernel, 'name' | 'memory'>;
    return { ...operations, name, memory: new KernelMemory(new WasmBuffer(imported), start) };
  } catch {
    return null;
  }
}
