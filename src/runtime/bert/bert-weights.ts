/** Brings an encoder's weights into the kernels' memory, and says where they are. */
import { freeBuffer } from '../free-buffer';
import { nextTask } from '../next-task';
import type { BertKernel } from './bert-kernel';
import { growTo } from './bert-memory';
import type { BertShape } from './bert-shape';
import { readTensor, tensorOf, type TensorFile } from './safetensors';

/** A quantized linear layer: addresses. */
export interface LinearWeights {
  /** Both as `interleave` leaves them. */
  readonly weight: number;
  readonly scale: number;
  readonly bias: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** A layer norm: addresses. */
export interface NormWeights {
  readonly weight: number;
  readonly bias: number;
}

export interface LayerWeights {
  readonly qkv: LinearWeights;
  readonly attention: LinearWeights;
  readonly attentionNorm: NormWeights;
  readonly up: LinearWeights;
  readonly down: LinearWeights;
  readonly norm: NormWeights;
}

export interface BertWeights {
  readonly norm: NormWeights;
  readonly layers: readonly LayerWeights[];
  readonly sparse: { readonly weight: Float32Array; readonly bias: number } | null;
  readonly colbert: LinearWeights | null;
  /** First byte behind them. */
  readonly end: number;
}

export interface LoadingContext {
  readonly memory: WebAssembly.Memory;
  readonly kernel: BertKernel;
  readonly signal: AbortSignal;
}

/** Bytes that are read at a time; they lie in memory twice for a moment. */
const PIECE = 2 ** 23;

/** Bytes of all that {@link loadWeights} brings. */
export function weightsSize(file: TensorFile): number {
  return range(file).end - range(file).start;
}

/**
 * Copies them to `base`, a multiple of 16. The file's order is kept, so it is read from beginning to
 * end, once. Throws `session-failed` where a tensor is missing or has another shape.
 */
export async function loadWeights(
  file: TensorFile,
  shape: BertShape,
  { memory, kernel, signal }: LoadingContext,
  base: number,
): Promise<BertWeights> {
  const { start, end } = range(file);
  const target = new Uint8Array(memory.buffer, base, end - start);
  for (let at = start; at < end; at += PIECE) {
    await nextTask();
    signal.throwIfAborted();
    const piece = await readTensor(file, { start: at, end: Math.min(at + PIECE, end) });
    target.set(new Uint8Array(piece), at - start);
    freeBuffer(piece);
  }
  const after = base + end - start;
  return weightsAt(file, shape, { memory, kernel }, base - start, after);
}

/** All tensors but the positions, which are brought as they are needed. */
function range(file: TensorFile): { readonly start: number; readonly end: number } {
  const stored = [...file.tensors].filter(([key]) => key !== POSITIONS).map(([, tensor]) => tensor);
  return { start: file.dataStart, end: Math.max(...stored.map(({ end }) => end)) };
}

/** [tokens, width] float16: position and token type. */
export const POSITIONS = 'embeddings.position';

function weightsAt(
  file: TensorFile,
  shape: BertShape,
  { memory, kernel }: Pick<LoadingContext, 'memory' | 'kernel'>,
  shift: number,
  end: number,
): BertWeights {
  const { width, hidden, group, layers, colbert } = shape;
  growTo(memory, end + 4 * Math.max(width, hidden));
  const norm = (key: string): NormWeights => ({
    weight: tensorOf(file, `${key}.weight`, 'F32', [width]).start + shift,
    bias: tensorOf(file, `${key}.bias`, 'F32', [width]).start + shift,
  });
  const linear = (key: string, outputs: number, inputs: number): LinearWeights => {
    const groups = inputs / group;
    const weight = tensorOf(file, `${key}.weight`, 'U8', [outputs, inputs]).start + shift;
    const scale = tensorOf(file, `${key}.scale`, 'F32', [outputs, groups]).start + shift;
    kernel.interleave(0, outputs, weight, scale, end, inputs, groups);
    return {
      weight,
      scale,
      bias: tensorOf(file, `${key}.bias`, 'F32', [outputs]).start + shift,
      inputs,
      outputs,
    };
  };
  const layer = (index: number): LayerWeights => {
    const key = `layers.${String(index)}`;
    return {
      qkv: linear(`${key}.qkv`, 3 * width, width),
      attention: linear(`${key}.attention`, width, width),
      attentionNorm: norm(`${key}.attention.norm`),
      up: linear(`${key}.up`, hidden, width),
      down: linear(`${key}.down`, width, hidden),
      norm: norm(`${key}.norm`),
    };
  };
  return {
    norm: norm('embeddings.norm'),
    layers: Array.from({ length: layers }, (_, index) => layer(index)),
    sparse: file.tensors.has('sparse.weight') ? sparseOf(file, width, memory, shift) : null,
    colbert: colbert > 0 ? linear('colbert', colbert, width) : null,
    end,
  };
}

function sparseOf(
  file: TensorFile,
  width: number,
  memory: WebAssembly.Memory,
  shift: number,
): NonNullable<BertWeights['sparse']> {
  const weight = tensorOf(file, 'sparse.weight', 'F32', [width]).start + shift;
  const bias = tensorOf(file, 'sparse.bias', 'F32', [1]).start + shift;
  return {
    weight: new Float32Array(memory.buffer, weight, width).slice(),
    bias: new Float32Array(memory.buffer, bias, 1)[0] ?? 0,
  };
}
