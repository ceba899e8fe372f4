import { CODE_KERNEL_NAMES, type CodeKernel, type CodeKernelName } from './code-kernel';
import { createScalarCodeKernel } from './scalar-code-kernel';
import { createWasmCodeKernel } from './wasm-code-kernel';

/** The fastest kernel that runs here, on a memory of its own. */
export function pickCodeKernel(): CodeKernel {
  for (const name of CODE_KERNEL_NAMES) {
    const kernel = createCodeKernel(name);
    if (kernel !== null) return kernel;
  }
  return createScalarCodeKernel();
}

/** That form of the kernels, on a memory of its own, or null where it does not run. */
export function createCodeKernel(name: CodeKernelName): CodeKernel | null {
  return name === 'scalar' ? createScalarCodeKernel() : createWasmCodeKernel(name);
}
