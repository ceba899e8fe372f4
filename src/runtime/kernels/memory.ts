/** The memory that kernels compute in: one WebAssembly memory, whose addresses are handed out here. */
import { PhotoglotError } from '../../errors';

/**
 * Tokens that go through the linear layers together: many, so that the weights are read seldom, and
 * few enough for their activations to stay in the processor's cache. An even number.
 */
export const BLOCK = 192;

/** The first 64 KB are the compiler's, small constants would be there, and the threads' slots. */
export const BASE = 65_536;

/** Rows come two at a time: the last may be there for that alone. */
export function wholeTiles(rows: number): number {
  return Math.ceil(rows / 2) * 2;
}

/** Rows 0 to `count` in blocks that go through the linear layers together. */
export function* blocks(
  count: number,
): Iterable<{ readonly first: number; readonly count: number }> {
  for (let first = 0; first < count; first += BLOCK) {
    yield { first, count: Math.min(BLOCK, count - first) };
  }
}

/** Hands out addresses, one behind the other. */
export class Places {
  #end: number;

  constructor(base: number) {
    this.#end = base;
  }

  /** The address of so many bytes, a multiple of 64. */
  take(bytes: number): number {
    const address = Math.ceil(this.#end / 64) * 64;
    this.#end = address + bytes;
    return address;
  }

  /** The first byte behind all that was taken. */
  get end(): number {
    return this.#end;
  }
}

/** Where the inputs of a linear layer are quantized to: addresses. */
export interface QuantizedRows {
  /** [rows, inputs] int8. */
  readonly codes: number;
  /** [rows, inputs / group] float32. */
  readonly scales: number;
  /** [rows, inputs / group] int32. */
  readonly starts: number;
}

/** Room for a block of up to `rows` rows of up to `widest` inputs. */
export function quantizedRows(
  places: Places,
  rows: number,
  widest: number,
  group: number,
): QuantizedRows {
  const block = Math.min(wholeTiles(rows), BLOCK);
  const perGroup = (block * widest * 4) / group;
  return {
    codes: places.take(block * widest),
    scales: places.take(perGroup),
    starts: places.take(perGroup),
  };
}

/** Bytes that attention needs per thread. */
export function attentionScratch(longest: number, depth: number): number {
  return 2 * 4 * Math.ceil(longest / 4) * 4 * (depth + 1);
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
    `The model needs ${(bytes / 1e6).toFixed(0)} MB of WebAssembly memory, more than this ` +
    'browser gives. Close other tabs, shorten long texts, or use a smaller model.';
  return new PhotoglotError('out-of-memory', message, { cause: thrown });
}
