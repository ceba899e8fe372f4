/** Where the image tower keeps what it computes: addresses behind the weights, by the size of the input. */
import {
  attentionScratch,
  BLOCK,
  Places,
  quantizedRows,
  wholeTiles,
  type QuantizedRows,
} from '../kernels/memory';
import type { ProjectorShape, SiglipShape } from './siglip-shape';

export interface SiglipSizes {
  readonly shape: SiglipShape;
  readonly projector: ProjectorShape | null;
  readonly threads: number;
}

export interface SiglipInput {
  readonly pictures: number;
  /** Patches of all pictures. */
  readonly patches: number;
  /** Of the largest. */
  readonly longest: number;
}

export interface SiglipActivations {
  /** [patches, width] float32: what goes from layer to layer. */
  readonly x: number;
  /** [patches, …] float32: pixels; then 3 · width queries, keys and values; then 2 · width. */
  readonly wide: number;
  /** [BLOCK, width] float32: x, normalised. */
  readonly normed: number;
  readonly quantized: QuantizedRows;
  /** [BLOCK, hidden] float32. */
  readonly inner: number;
  /** [pictures, width] float32: what is pooled, and what becomes of it. */
  readonly pooled: number;
  readonly state: number;
  /** [pictures, outputs] float32: of the projector. */
  readonly projected: number;
  /** For attention, one per thread. */
  readonly scratch: number;
  /** Bytes of each. */
  readonly scratchSize: number;
  readonly end: number;
}

export function activationsFor(
  { shape, projector, threads }: SiglipSizes,
  base: number,
  { pictures, patches, longest }: SiglipInput,
): SiglipActivations {
  const { width, hidden, heads, group, values } = shape;
  const places = new Places(base);
  const [rows, rowsOfAll] = [wholeTiles(patches), wholeTiles(pictures)];
  const block = Math.min(Math.max(rows, rowsOfAll), BLOCK);
  const inside = Math.max(hidden, projector?.hidden ?? 0);
  const widest = Math.max(width, values, inside);
  const smallestGroup = Math.min(group, projector?.group ?? group);
  const scratchSize = attentionScratch(longest, width / heads);
  return {
    x: places.take(rows * width * 4),
    wide: places.take(rows * Math.max(3 * width, values) * 4),
    normed: places.take(block * width * 4),
    quantized: quantizedRows(places, block, widest, smallestGroup),
    inner: places.take(block * inside * 4),
    pooled: places.take(rowsOfAll * width * 4),
    state: places.take(rowsOfAll * width * 4),
    projected: places.take(rowsOfAll * (projector?.outputs ?? 0) * 4),
    scratch: places.take(scratchSize * threads),
    scratchSize,
    end: places.end,
  };
}
