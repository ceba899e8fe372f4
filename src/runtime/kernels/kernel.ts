/** The compiled kernels of `assembly/`, on a memory of the caller's. */
import { decodeBase64 } from '../../core/base64';
import { DOT_WASM } from './dot-wasm';
import { RELAXED_WASM } from './relaxed-wasm';
import { SIMD_WASM } from './simd-wasm';
import { shareMemory } from '../../core/kernel/share-memory';

/**
 * What `assembly/index.ts` exports; its comments say what the arguments mean. Addresses are bytes
 * from the beginning of the memory.
 */
export interface Kernel {
  readonly quantize: (
    from: number,
    to: number,
    codes: number,
    scales: number,
    starts: number,
    x: number,
    width: number,
    stride: number,
    group: number,
  ) => void;
  readonly linear: (
    from: number,
    to: number,
    out: number,
    stride: number,
    codes: number,
    scales: number,
    starts: number,
    weights: number,
    weightScales: number,
    bias: number,
    residual: number,
    rows: number,
    inputs: number,
    group: number,
    then: number,
  ) => void;
  readonly norm: (
    from: number,
    to: number,
    out: number,
    x: number,
    scale: number,
    shift: number,
    width: number,
    eps: number,
  ) => void;
  readonly attention: (
    from: number,
    to: number,
    qkv: number,
    scratch: number,
    tokens: number,
    depth: number,
    width: number,
  ) => void;
  readonly interleave: (
    from: number,
    to: number,
    weights: number,
    scales: number,
    scratch: number,
    inputs: number,
    groups: number,
  ) => void;
  readonly embed: (
    x: number,
    words: number,
    scales: number,
    positions: number,
    tokens: number,
    width: number,
  ) => void;
}

/** What becomes of a linear layer's result. */
export const THEN = { nothing: 0, gelu: 1, addResidual: 2, geluTanh: 3 } as const;

/**
 * The three forms of the kernels give the same products: in one instruction, in two, or with plain
 * SIMD. Which of the first two is faster depends on the processor.
 */
export type KernelName = 'dot' | 'relaxed-simd' | 'simd';

const BINARIES = {
  dot: DOT_WASM,
  'relaxed-simd': RELAXED_WASM,
  simd: SIMD_WASM,
} as const;

/** Whether the engine has the instructions. */
export function hasKernel(name: KernelName): boolean {
  return WebAssembly.validate(bytesOf(name));
}

/** Rejects with a `WebAssembly.CompileError` where the engine lacks the instructions. */
export async function createKernel(name: KernelName, memory: WebAssembly.Memory): Promise<Kernel> {
  const plain = bytesOf(name);
  const module = isShared(memory) ? shareMemory(plain) : plain;
  const { instance } = await WebAssembly.instantiate(module, { env: { memory } });
  // The compiler's own signatures; a test runs each of them.
  return instance.exports as unknown as Kernel;
}

/** Pages that are not cross-origin isolated do not even have the class. */
function isShared({ buffer }: WebAssembly.Memory): boolean {
  return !(buffer instanceof ArrayBuffer);
}

function bytesOf(name: KernelName): Uint8Array<ArrayBuffer> {
  return decodeBase64(BINARIES[name]);
}
