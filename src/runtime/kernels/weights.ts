/** Brings weights into the kernels' memory, and says where they are. */
import { freeBuffer } from '../free-buffer';
import { nextTask } from '../../core/next-task';
import type { Kernel } from './kernel';
import { growTo } from './memory';
import { readTensor, tensorOf, type TensorFile } from './safetensors';

/** A quantized linear layer: addresses. */
export interface LinearWeights {
  /** Both as `interleave` leaves them. */
  readonly weight: number;
  readonly scale: number;
  readonly bias: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Inputs that share a scale. */
  readonly group: number;
}

/** A layer norm: addresses. */
export interface NormWeights {
  readonly weight: number;
  readonly bias: number;
}

/** Bytes of a file, counted from its beginning. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

export interface LoadingContext {
  readonly memory: WebAssembly.Memory;
  readonly kernel: Kernel;
  readonly signal: AbortSignal;
}

/** Bytes that are read at a time; they lie in memory twice for a moment. */
const PIECE = 2 ** 23;

/** The file's data, but for tensors that are read when they are needed. */
export function dataRange(file: TensorFile, later: readonly string[] = []): FileRange {
  const stored = [...file.tensors].filter(([key]) => !later.includes(key));
  return { start: file.dataStart, end: Math.max(...stored.map(([, { end }]) => end)) };
}

/** Copies that part of the file to `base`, from its beginning to its end, once. */
export async function bringWeights(
  file: TensorFile,
  { start, end }: FileRange,
  { memory, signal }: LoadingContext,
  base: number,
): Promise<void> {
  const target = new Uint8Array(memory.buffer, base, end - start);
  for (let at = start; at < end; at += PIECE) {
    await nextTask();
    signal.throwIfAborted();
    const piece = await readTensor(file, { start: at, end: Math.min(at + PIECE, end) });
    target.set(new Uint8Array(piece), at - start);
    freeBuffer(piece);
  }
}

export interface WeightPlaces {
  readonly file: TensorFile;
  /** From a byte's place in the file to its address. */
  readonly shift: number;
  /** Inputs that share a scale. */
  readonly group: number;
  /** Behind all weights: used for a moment. */
  readonly scratch: number;
}

/** Finds tensors of a file that is in memory. Throws `session-failed` where one is missing or has another shape. */
export class WeightFinder {
  readonly #places: WeightPlaces;
  readonly #context: Omit<LoadingContext, 'signal'>;

  constructor(places: WeightPlaces, context: Omit<LoadingContext, 'signal'>) {
    this.#places = places;
    this.#context = context;
  }

  /** The address of float32 numbers. */
  floats(key: string, shape: readonly number[]): number {
    return this.#at(key, 'F32', shape);
  }

  norm(key: string, width: number): NormWeights {
    return {
      weight: this.floats(`${key}.weight`, [width]),
      bias: this.floats(`${key}.bias`, [width]),
    };
  }

  /** Once for each layer: its rows are interleaved in place. */
  linear(key: string, outputs: number, inputs: number): LinearWeights {
    const { group, scratch } = this.#places;
    const { memory, kernel } = this.#context;
    const groups = inputs / group;
    const weight = this.#at(`${key}.weight`, 'U8', [outputs, inputs]);
    const scale = this.floats(`${key}.scale`, [outputs, groups]);
    const bias = this.floats(`${key}.bias`, [outputs]);
    growTo(memory, scratch + 4 * inputs);
    kernel.interleave(0, outputs, weight, scale, scratch, inputs, groups);
    return { weight, scale, bias, inputs, outputs, group };
  }

  #at(key: string, dtype: 'F32' | 'U8', shape: readonly number[]): number {
    return tensorOf(this.#places.file, key, dtype, shape).start + this.#places.shift;
  }
}
