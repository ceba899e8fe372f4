/** Brings an encoder's weights into the kernels' memory, and says where they are. */
import { tensorOf, type TensorFile } from '../kernels/safetensors';
import {
  bringWeights,
  dataRange,
  WeightFinder,
  type FileRange,
  type LinearWeights,
  type LoadingContext,
  type NormWeights,
} from '../kernels/weights';
import type { BertShape } from './bert-shape';

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

/** Bytes of all that {@link loadWeights} brings. */
export function weightsSize(file: TensorFile): number {
  const { start, end } = rangeOf(file);
  return end - start;
}

/**
 * Copies them to `base`, a multiple of 16. The file's order is kept, so it is read from beginning to
 * end, once. Throws `session-failed` where a tensor is missing or has another shape.
 */
export async function loadWeights(
  file: TensorFile,
  shape: BertShape,
  context: LoadingContext,
  base: number,
): Promise<BertWeights> {
  const range = rangeOf(file);
  await bringWeights(file, range, context, base);
  const [shift, end] = [base - range.start, base + range.end - range.start];
  const { width, hidden, group, layers, colbert } = shape;
  const find = new WeightFinder({ file, shift, group, scratch: end }, context);
  const layer = (index: number): LayerWeights => {
    const key = `layers.${String(index)}`;
    return {
      qkv: find.linear(`${key}.qkv`, 3 * width, width),
      attention: find.linear(`${key}.attention`, width, width),
      attentionNorm: find.norm(`${key}.attention.norm`, width),
      up: find.linear(`${key}.up`, hidden, width),
      down: find.linear(`${key}.down`, width, hidden),
      norm: find.norm(`${key}.norm`, width),
    };
  };
  return {
    norm: find.norm('embeddings.norm', width),
    layers: Array.from({ length: layers }, (_, index) => layer(index)),
    sparse: file.tensors.has('sparse.weight') ? sparseOf(file, width, context.memory, shift) : null,
    colbert: colbert > 0 ? find.linear('colbert', colbert, width) : null,
    end,
  };
}

/** All tensors but the positions, which are brought as they are needed. */
function rangeOf(file: TensorFile): FileRange {
  return dataRange(file, [POSITIONS]);
}

/** [tokens, width] float16: position and token type. */
export const POSITIONS = 'embeddings.position';

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
