/** The layers that encoders have in common, on the kernels and their threads. */
import { THEN } from './kernel';
import type { KernelThreads } from './kernel-threads';
import { wholeTiles, type QuantizedRows } from './memory';
import { ThreadsFailed } from './thread-pool';
import type { LinearWeights, NormWeights } from './weights';

export interface ComputeOptions {
  readonly threads: KernelThreads;
  /** Added to the variance in layer norms. */
  readonly eps: number;
}

/** Rows of float32 numbers in the kernels' memory. */
export interface RowsAt {
  readonly at: number;
  /** Numbers from row to row. */
  readonly stride: number;
}

export function rowsAt(at: number, stride: number): RowsAt {
  return { at, stride };
}

/** What attention works on. */
export interface AttentionRows {
  /** [tokens, 3 · width] float32. */
  readonly qkv: number;
  readonly tokens: number;
  readonly heads: number;
  readonly width: number;
  /** One per thread, of so many bytes each. */
  readonly scratch: number;
  readonly scratchSize: number;
}

export class Compute {
  readonly #options: ComputeOptions;
  readonly #alone: KernelThreads;
  /** All of them; the calling one alone after any of them has failed. */
  #all: KernelThreads;
  /** Of the work that is under way. */
  #threads: KernelThreads;

  constructor(options: ComputeOptions) {
    this.#options = options;
    this.#alone = options.threads.alone();
    this.#all = options.threads;
    this.#threads = this.#alone;
  }

  /** Threads of the work that is under way. */
  get threads(): KernelThreads {
    return this.#threads;
  }

  /** Does the work on all threads, or the calling one alone; from the beginning where a thread fails. */
  async during<Result>(alone: boolean, work: () => Promise<Result>): Promise<Result> {
    this.#threads = alone ? this.#alone : this.#all;
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof ThreadsFailed)) throw thrown;
      this.#all.release();
      this.#all = this.#threads = this.#alone;
      return await work();
    }
  }

  /** Does the work on all threads. Throws `ThreadsFailed` where one fails. */
  now(work: () => void): void {
    this.#threads = this.#all;
    work();
  }

  /** Work of few rows, which the calling thread does alone. */
  alone<Result>(work: () => Result): Result {
    this.#threads = this.#alone;
    return work();
  }

  /** `rows` of `from` through a layer, quantized on the way; what is added is what was at `to`. */
  linear(
    { weight, scale, bias, inputs, outputs, group }: LinearWeights,
    { codes, scales, starts }: QuantizedRows,
    rows: number,
    from: RowsAt,
    to: RowsAt,
    then: number = THEN.nothing,
  ): void {
    const quantized = [codes, scales, starts] as const;
    this.#threads.run('quantize', rows, 1, () => [
      ...quantized,
      from.at,
      inputs,
      from.stride,
      group,
    ]);
    this.#threads.run('linear', outputs, 4, () => [
      to.at,
      to.stride,
      ...quantized,
      weight,
      scale,
      bias,
      to.at,
      wholeTiles(rows),
      inputs,
      group,
      then,
    ]);
  }

  /** `rows` rows of `width` numbers, normalised; `out` may be `from`. */
  norm(
    { weight, bias }: NormWeights,
    width: number,
    rows: number,
    from: number,
    out: number,
  ): void {
    const { eps } = this.#options;
    this.#threads.run('norm', rows, 1, () => [out, from, weight, bias, width, eps]);
  }

  /** The result takes the place of the queries. */
  attention({ qkv, tokens, heads, width, scratch, scratchSize }: AttentionRows): void {
    this.#threads.run('attention', heads, 1, (thread) => [
      qkv,
      scratch + thread * scratchSize,
      tokens,
      width / heads,
      width,
    ]);
  }
}
