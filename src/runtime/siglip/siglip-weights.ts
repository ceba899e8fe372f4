/** Brings the weights of an image tower, and of its projector, into the kernels' memory. */
import type { TensorFile } from '../kernels/safetensors';
import {
  bringWeights,
  dataRange,
  WeightFinder,
  type LinearWeights,
  type LoadingContext,
  type NormWeights,
} from '../kernels/weights';
import type { ProjectorShape, SiglipShape } from './siglip-shape';

export interface SiglipLayer {
  readonly norm1: NormWeights;
  readonly qkv: LinearWeights;
  readonly attention: LinearWeights;
  readonly norm2: NormWeights;
  readonly up: LinearWeights;
  readonly down: LinearWeights;
}

/** What makes one vector of a picture's patches. */
export interface PoolingWeights {
  /** [width]: the probe as a query, already divided by √d. */
  readonly query: Float32Array;
  /** To keys and values. */
  readonly keysAndValues: LinearWeights;
  readonly attention: LinearWeights;
  readonly norm: NormWeights;
  readonly up: LinearWeights;
  readonly down: LinearWeights;
}

export interface SiglipWeights {
  readonly patch: LinearWeights;
  /** [side · side, width] */
  readonly positions: Float32Array;
  readonly layers: readonly SiglipLayer[];
  readonly norm: NormWeights;
  readonly head: PoolingWeights;
  /** First byte behind them. */
  readonly end: number;
}

export interface ProjectorWeights {
  readonly up: LinearWeights;
  readonly down: LinearWeights;
  readonly end: number;
}

/** Bytes of all tensors. */
export function weightsSize(file: TensorFile): number {
  const { start, end } = dataRange(file);
  return end - start;
}

/** Copies them to `base`. Throws `session-failed` where a tensor is missing or has another shape. */
export async function loadSiglip(
  file: TensorFile,
  shape: SiglipShape,
  context: LoadingContext,
  base: number,
): Promise<SiglipWeights> {
  const { width, hidden, layers, values, side, group } = shape;
  const { find, end } = await bring(file, group, context, base);
  const floats = (key: string, dims: readonly number[]): Float32Array =>
    copyOf(context.memory, find.floats(key, dims), dims);
  const layer = (index: number): SiglipLayer => {
    const key = `layers.${String(index)}`;
    return {
      norm1: find.norm(`${key}.norm1`, width),
      qkv: find.linear(`${key}.qkv`, 3 * width, width),
      attention: find.linear(`${key}.attention`, width, width),
      norm2: find.norm(`${key}.norm2`, width),
      up: find.linear(`${key}.up`, hidden, width),
      down: find.linear(`${key}.down`, width, hidden),
    };
  };
  return {
    patch: find.linear('patch', width, values),
    positions: floats('positions', [side * side, width]),
    layers: Array.from({ length: layers }, (_, index) => layer(index)),
    norm: find.norm('norm', width),
    head: {
      query: floats('head.query', [width]),
      keysAndValues: find.linear('head.kv', 2 * width, width),
      attention: find.linear('head.attention', width, width),
      norm: find.norm('head.norm', width),
      up: find.linear('head.up', hidden, width),
      down: find.linear('head.down', width, hidden),
    },
    end,
  };
}

/** As {@link loadSiglip}, for the projector. */
export async function loadProjector(
  file: TensorFile,
  { inputs, hidden, outputs, group }: ProjectorShape,
  context: LoadingContext,
  base: number,
): Promise<ProjectorWeights> {
  const { find, end } = await bring(file, group, context, base);
  const up = find.linear('up', hidden, inputs);
  return { up, down: find.linear('down', outputs, hidden), end };
}

async function bring(
  file: TensorFile,
  group: number,
  context: LoadingContext,
  base: number,
): Promise<{ readonly find: WeightFinder; readonly end: number }> {
  const range = dataRange(file);
  await bringWeights(file, range, context, base);
  const shift = base - range.start;
  const end = range.end + shift;
  return { find: new WeightFinder({ file, shift, group, scratch: end }, context), end };
}

/** Numbers that plain code reads; they may lie at any byte. */
function copyOf(
  memory: WebAssembly.Memory,
  at: number,
  dims: readonly number[],
): Float32Array<ArrayBuffer> {
  const bytes = dims.reduce((product, axis) => product * axis, 4);
  return new Float32Array(new Uint8Array(memory.buffer, at, bytes).slice().buffer);
}
