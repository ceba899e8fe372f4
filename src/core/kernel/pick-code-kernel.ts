import type { CodeKernel } from './code-kernel';
import { createWasmMemory } from './kernel-memory';
import { createScalarCodeKernel } from './scalar-code-kernel';
import { createWasmCodeKernel } from './wasm-code-kernel';

/** The fastest kernel that runs here, on a memory of its own. */
export function pickCodeKernel(): CodeKernel {
  return createWasmCodeKernel() ?? createScalarCodeKernel();
}

/** Likewise on a memory that threads can share, where there is such a memory. */
export function pickSharedCodeKernel(): CodeKernel {
  const memory = createSharedMemory();
  return (memory === null ? null : createWasmCodeKernel(memory)) ?? pickCodeKernel();
}

function createSharedMemory(): WebAssembly.Memory | null {
  try {
    return createWasmMemory(true);
  } catch {
    return null;
  }
}
