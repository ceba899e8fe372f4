/** Which kernel packed rows are searched with. */
import type { CodeKernel } from '../../core/kernel/code-kernel';
import { pickCodeKernel, pickSharedCodeKernel } from '../../core/kernel/pick-code-kernel';

/** The fastest that runs here, on a memory of its own, which helpers can share where the page allows it. */
export function packedKernel(): CodeKernel {
  return globalThis.crossOriginIsolated ? pickSharedCodeKernel() : pickCodeKernel();
}
