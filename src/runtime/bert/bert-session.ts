/**
 * BGE-M3's text tower on the own encoder, in the place of an ONNX session: dense vector, sparse weights
 * and multi-vectors from one run (Chen et al. 2024, arXiv 2402.03216; FlagEmbedding's `M3` model).
 */
import { dotProduct } from '../../core/dot-product';
import { PhotoglotError } from '../../errors';
import type { TextTower } from '../../models/manifest';
import type { ModelSession, RunOptions } from '../model-session';
import { fastestKernel } from '../kernels/fastest-kernel';
import { createKernel, type KernelName } from '../kernels/kernel';
import { BASE, createMemory } from '../kernels/memory';
import { broken, openTensors } from '../kernels/safetensors';
import { threadPool } from '../kernels/thread-pool';
import { unlessAborted } from '../session-error';
import type { TensorInput, TensorOutput } from '../tower-session';
import { BertEncoder, type BertParts } from './bert-encoder';
import { activationsFor, mostTokens, positionsSize, type Activations } from './bert-memory';
import { bertShape } from './bert-shape';
import { loadWeights, weightsSize } from './bert-weights';
import { longestOf, spansOf, type TextSpan } from './text-spans';
import { WordRows } from './word-rows';

export interface BertSessionOptions {
  readonly model: { readonly path: string; readonly blob: Blob };
  /** Packs of word rows. */
  readonly rows: readonly { readonly path: string; readonly blob: Blob }[];
  /** Names of inputs and outputs. */
  readonly tower: TextTower;
  readonly signal: AbortSignal;
  /** More than one only where the page is cross-origin isolated. */
  readonly threads: number;
  /** @default the fastest that runs here */
  readonly kernel?: KernelName;
}

/** Bytes for what is needed while the weights are brought, and for what is rounded up. */
const SPARE = 2 ** 20;

export class BertSession implements ModelSession {
  readonly #encoder: BertEncoder;
  readonly #parts: BertParts;
  readonly #tower: TextTower;

  private constructor(parts: BertParts, tower: TextTower) {
    this.#encoder = new BertEncoder(parts);
    this.#parts = parts;
    this.#tower = tower;
  }

  /**
   * Throws `session-failed` for files that do not fit, `out-of-memory`, and `storage` when the browser
   * has lost a file's content.
   */
  static async create(options: BertSessionOptions): Promise<BertSession> {
    try {
      return await BertSession.#create(options);
    } catch (thrown) {
      throw unlessAborted('The text tower could not be loaded.', thrown, options.signal);
    }
  }

  static async #create(options: BertSessionOptions): Promise<BertSession> {
    const { model, tower, signal } = options;
    const file = await openTensors(model.blob, model.path);
    const shape = bertShape(file);
    if (tower.maxTokens > shape.tokens) {
      throw broken(
        model.path,
        `it takes ${String(shape.tokens)} tokens, fewer than the manifest says`,
      );
    }
    const words = await WordRows.open(options.rows, shape);
    const size = BASE + weightsSize(file);
    const from = size + positionsSize(shape) + SPARE;
    const most = activationsFor(shape, from, mostTokens(shape), shape.tokens, options.threads).end;
    const memory = createMemory(size, most, options.threads > 1);
    const name = options.kernel ?? (await fastestKernel());
    const kernel = await createKernel(name, memory);
    const weights = await loadWeights(file, shape, { memory, kernel, signal }, BASE);
    const threads = await threadPool(kernel, name, memory, options.threads);
    const parts = { file, shape, weights, words, memory, threads };
    return new BertSession(parts, tower);
  }

  /** Whether the packs that were given have a row for that token. */
  has(id: number): boolean {
    return this.#parts.words.has(id);
  }

  get threads(): number {
    return this.#parts.threads.count;
  }

  /** As an ONNX session of the same tower. Rejects with the signal's reason between two layers. */
  async run<const Names extends readonly string[]>(
    inputs: Readonly<Record<string, TensorInput>>,
    outputs: Names,
    options: RunOptions,
  ): Promise<{ readonly [Index in keyof Names]: TensorOutput }> {
    const texts = textsOf(inputs, this.#tower);
    const at = await this.#encoder.run(texts, options).catch((thrown: unknown) => {
      throw unlessAborted('The text tower failed to run.', thrown, options.signal);
    });
    const spans = spansOf(texts);
    const { output, sparse, colbert } = this.#tower;
    return outputs.map((name) => {
      if (name === output) return this.#dense(at, spans);
      if (name === sparse?.output) return this.#sparse(at, spans);
      if (name === colbert?.output) return this.#colbert(at, spans);
      throw missing(name);
    }) as { readonly [Index in keyof Names]: TensorOutput };
  }

  /** The memory goes with the last reference, or with the worker. */
  release(): Promise<void> {
    this.#parts.threads.release();
    return Promise.resolve();
  }

  /** The first token's state, [texts, width]. */
  #dense(at: Activations, spans: readonly TextSpan[]): TensorOutput {
    const { width } = this.#parts.shape;
    const data = new Float32Array(spans.length * width);
    spans.forEach(({ first }, text) => {
      data.set(this.#states(at, first, 1), text * width);
    });
    return { data, dims: [spans.length, width] };
  }

  /** ReLU of a weighted sum of each state, [texts, longest]; 0 for padding. */
  #sparse(at: Activations, spans: readonly TextSpan[]): TensorOutput {
    const { sparse } = this.#parts.weights;
    if (sparse === null) throw missing('sparse');
    const { width } = this.#parts.shape;
    const longest = longestOf(spans);
    const data = new Float32Array(spans.length * longest);
    spans.forEach(({ first, length }, text) => {
      const states = this.#states(at, first, length);
      for (let token = 0; token < length; token++) {
        const sum = dotProduct(states, token * width, sparse.weight, 0, width);
        data[text * longest + token] = Math.max(0, sum + sparse.bias);
      }
    });
    return { data, dims: [spans.length, longest] };
  }

  /** A vector for every token but the first, [texts, longest − 1, dimension]; zeros for padding. */
  #colbert(at: Activations, spans: readonly TextSpan[]): TensorOutput {
    const { colbert } = this.#parts.weights;
    if (colbert === null) throw missing('colbert');
    const longest = longestOf(spans) - 1;
    const { outputs: dim } = colbert;
    const data = new Float32Array(spans.length * longest * dim);
    spans.forEach(({ first, length }, text) => {
      const vectors = this.#encoder.project(at, colbert, first + 1, length - 1);
      data.set(vectors, text * longest * dim);
    });
    return { data, dims: [spans.length, longest, dim] };
  }

  #states(at: Activations, first: number, count: number): Float32Array {
    const { width } = this.#parts.shape;
    return new Float32Array(this.#parts.memory.buffer, at.x + first * width * 4, count * width);
  }
}

/** The tokens of each row, without padding. */
function textsOf(
  feeds: Readonly<Record<string, TensorInput>>,
  { inputs }: TextTower,
): readonly (readonly number[])[] {
  const [ids, mask] = [feeds[inputs.ids], feeds[inputs.mask]];
  if (ids?.type !== 'int64' || mask?.type !== 'int64') throw missing('inputs');
  const [count = 0, length = 0] = ids.dims;
  return Array.from({ length: count }, (_, row) => {
    const [start, end] = [row * length, (row + 1) * length];
    const real = mask.data.subarray(start, end).lastIndexOf(1n) + 1;
    return Array.from(ids.data.subarray(start, start + real), Number);
  });
}

function missing(name: string): PhotoglotError {
  return new PhotoglotError('session-failed', `The text tower has no "${name}".`);
}
