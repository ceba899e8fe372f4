/** Where the encoder keeps what it computes: addresses behind the weights, by the size of the input. */
import { BATCH_LIMITS } from '../batch-limits';
import {
  attentionScratch,
  BLOCK,
  Places,
  quantizedRows,
  wholeTiles,
  type QuantizedRows,
} from '../kernels/memory';
import type { BertShape } from './bert-shape';

export interface Activations {
  /** [tokens, width] float32: what goes from layer to layer. */
  readonly x: number;
  /** [tokens, 3 · width] float32; words and their scales before that. */
  readonly qkv: number;
  readonly quantized: QuantizedRows;
  /** [BLOCK, hidden] float32. */
  readonly inner: number;
  /** For attention, one per thread. */
  readonly scratch: number;
  /** Bytes of each. */
  readonly scratchSize: number;
  readonly end: number;
}

/** Bytes of all positions, float16. */
export function positionsSize({ tokens, width }: BertShape): number {
  return tokens * width * 2;
}

/** Tokens of the largest batch: one text as long as can be, or many short ones. */
export function mostTokens({ tokens }: BertShape): number {
  return Math.max(tokens, BATCH_LIMITS.maxTokens);
}

/** For so many tokens in all, and in the longest text. */
export function activationsFor(
  { width, hidden, heads, group }: BertShape,
  base: number,
  tokens: number,
  longest: number,
  threads: number,
): Activations {
  const places = new Places(base);
  const rows = wholeTiles(tokens);
  const scratchSize = attentionScratch(longest, width / heads);
  return {
    x: places.take(rows * width * 4),
    qkv: places.take(rows * width * 3 * 4),
    quantized: quantizedRows(places, rows, Math.max(width, hidden), group),
    inner: places.take(Math.min(rows, BLOCK) * hidden * 4),
    scratch: places.take(scratchSize * threads),
    scratchSize,
    end: places.end,
  };
}
