import { scalarKernel } from './scalar-kernel';
import type { ScoreKernel } from './score-kernel';
import { createWasmKernel } from './wasm-kernel';

/** The fastest kernel that runs here. */
export function pickKernel(): ScoreKernel {
  return createWasmKernel() ?? scalarKernel;
}
