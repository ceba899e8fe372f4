/** Where the encoder keeps what it computes: addresses behind the weights, by the size of the input. */
import { PhotoglotError } from '../../errors';
import { BATCH_LIMITS } from '../batch-limits';
import type { BertShape } from './bert-shape';

/**
 * Tokens that go through the linear layers together: many, so that the weights are read seldom, and
 * few enough for their activations to stay in the processor's cache. An even number.
 */
export const BLOCK = 192;

export interface Activations {
  /** [tokens, width] float32: what goes from layer to layer. */
  readonly x: number;
  /** [tokens, 3 · width] float32; words and their scales before that. */
  readonly qkv: number;
  /** [BLOCK, hidden] int8, and their scales and starts. */
  readonly codes: number;
  readonly scales: number;
  readonly starts: number;
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

/** Rows come two at a time: the last may be there for that alone. */
export function wholeTiles(rows: number): number {
  return Math.ceil(rows / 2) * 2;
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
  let end = base;
  const take = (bytes: number): number => {
    const address = Math.ceil(end / 64) * 64;
    end = address + bytes;
    return address;
  };
  const rows = wholeTiles(tokens);
  const block = Math.min(rows, BLOCK);
  const widest = Math.max(width, hidden);
  const perGroup = (block * widest * 4) / group;
  const scratchSize = 2 * 4 * Math.ceil(longest / 4) * 4 * (width / heads + 1);
  return {
    x: take(rows * width * 4),
    qkv: take(rows * width * 3 * 4),
    codes: take(block * widest),
    scales: take(perGroup),
    starts: take(perGroup),
    inner: take(block * hidden * 4),
    scratch: take(scratchSize * threads),
    scratchSize,
    end,
  };
}

const PAGE = 65_536;

/** The kernels are compiled for no more: WebAssembly's own limit. */
const MOST_PAGES = 65_536;

/** A memory of so many bytes, that can grow to `most`. Throws `out-of-memory`. */
export function createMemory(bytes: number, most: number, shared: boolean): WebAssembly.Memory {
  try {
    const maximum = Math.min(pagesFor(most), MOST_PAGES);
    return new WebAssembly.Memory({ initial: pagesFor(bytes), maximum, shared });
  } catch (thrown) {
    throw outOfMemory(bytes, thrown);
  }
}

/** Grows the memory to at least so many bytes. Throws `out-of-memory`. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = pagesFor(bytes) - memory.buffer.byteLength / PAGE;
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (thrown) {
    throw outOfMemory(bytes, thrown);
  }
}

function pagesFor(bytes: number): number {
  return Math.ceil(bytes / PAGE);
}

function outOfMemory(bytes: number, thrown: unknown): PhotoglotError {
  const message =
    `The text tower needs ${(bytes / 1e6).toFixed(0)} MB of WebAssembly memory, more than this ` +
    'browser gives. Close other tabs, shorten the text, or use a smaller model.';
  return new PhotoglotError('out-of-memory', message, { cause: thrown });
}
