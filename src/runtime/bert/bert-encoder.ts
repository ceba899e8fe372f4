/**
 * A BERT encoder (Devlin et al. 2019, arXiv 1810.04805; XLM-R's form, arXiv 1911.02116) on own
 * kernels: weights of 7 bits, activations of 8, all else in float32. Texts of different lengths run
 * side by side without padding.
 */
import { nextTask } from '../../core/next-task';
import { Compute, rowsAt } from '../kernels/compute';
import { THEN } from '../kernels/kernel';
import type { KernelThreads } from '../kernels/kernel-threads';
import { blocks, growTo } from '../kernels/memory';
import { readTensor, tensorOf, type TensorFile } from '../kernels/safetensors';
import type { LinearWeights } from '../kernels/weights';
import type { RunOptions } from '../model-session';
import { activationsFor, positionsSize, type Activations } from './bert-memory';
import type { BertShape } from './bert-shape';
import { POSITIONS, type BertWeights, type LayerWeights } from './bert-weights';
import { longestOf, spansOf, tokensIn, type TextSpan } from './text-spans';
import type { WordRows } from './word-rows';

/** What an encoder works with. */
export interface BertParts {
  readonly file: TensorFile;
  readonly shape: BertShape;
  readonly weights: BertWeights;
  readonly words: WordRows;
  readonly memory: WebAssembly.Memory;
  readonly threads: KernelThreads;
}

/**
 * Up to so many tokens the calling thread is alone where others compute as well. All threads together
 * take 60 ms for a query instead of 100 where nothing else runs, but 190 where pictures are indexed:
 * they wait for each other ten times a layer, and for the processor.
 */
const SHORT = 32;
/** From so many tokens on messages are read between two layers. */
const LONG = 64;

export class BertEncoder {
  readonly #parts: BertParts;
  readonly #compute: Compute;
  /** Where the positions are, and how many have been read. */
  readonly #positions: number;
  #positionsRead = 0;

  constructor(parts: BertParts) {
    this.#parts = parts;
    const { threads, shape } = parts;
    this.#compute = new Compute({ threads, eps: shape.eps });
    this.#positions = Math.ceil(parts.weights.end / 64) * 64;
  }

  /**
   * Last hidden states of the texts' tokens, one text after the other: [tokens, width] in the kernels'
   * memory, until the next call. Rejects with the signal's reason between two layers.
   */
  async run(
    texts: readonly (readonly number[])[],
    { signal, shared }: RunOptions,
  ): Promise<Activations> {
    const isShort = tokensIn(spansOf(texts)) <= SHORT;
    return this.#compute.during(isShort && shared, () => this.#runOnce(texts, signal));
  }

  async #runOnce(texts: readonly (readonly number[])[], signal: AbortSignal): Promise<Activations> {
    const { shape, memory, weights } = this.#parts;
    const spans = spansOf(texts);
    const [tokens, longest] = [tokensIn(spans), longestOf(spans)];
    const base = this.#positions + positionsSize(shape);
    const at = activationsFor(shape, base, tokens, longest, this.#compute.threads.count);
    growTo(memory, at.end);
    await this.#readPositions(longest);
    await this.#embed(texts.flat(), spans, at);
    for (const layer of weights.layers) {
      if (tokens > LONG) await nextTask();
      signal.throwIfAborted();
      this.#attend(layer, spans, tokens, at);
      this.#feedForward(layer, tokens, at);
    }
    return at;
  }

  /** A quantized linear layer over rows of the last hidden states: [rows, outputs]. */
  project(at: Activations, layer: LinearWeights, first: number, rows: number): Float32Array {
    const { shape, memory } = this.#parts;
    const result = new Float32Array(rows * layer.outputs);
    // Little work; and a thread that fails is not noticed here.
    this.#compute.alone(() => {
      for (const { first: row, count } of blocks(rows)) {
        const x = at.x + (first + row) * shape.width * 4;
        const [from, to] = [rowsAt(x, shape.width), rowsAt(at.inner, layer.outputs)];
        this.#compute.linear(layer, at.quantized, count, from, to);
        const block = new Float32Array(memory.buffer, at.inner, count * layer.outputs);
        result.set(block, row * layer.outputs);
      }
    });
    return result;
  }

  /** Positions are the same for all texts: as many as the longest so far needs are in memory. */
  async #readPositions(count: number): Promise<void> {
    const { file, shape, memory } = this.#parts;
    const { width, tokens } = shape;
    if (count <= this.#positionsRead) return;
    const stored = tensorOf(file, POSITIONS, 'F16', [tokens, width]);
    const from = this.#positionsRead * width * 2;
    const bytes = await readTensor(file, {
      start: stored.start + from,
      end: stored.start + count * width * 2,
    });
    new Uint8Array(memory.buffer).set(new Uint8Array(bytes), this.#positions + from);
    this.#positionsRead = count;
  }

  async #embed(ids: readonly number[], spans: readonly TextSpan[], at: Activations): Promise<void> {
    const { shape, weights, words, memory } = this.#parts;
    const { width } = shape;
    // Not needed yet, and large enough.
    const rows = at.qkv;
    const scales = Math.ceil((rows + ids.length * width) / 16) * 16;
    await words.gather(
      ids,
      new Int8Array(memory.buffer, rows, ids.length * width),
      new Float32Array(memory.buffer, scales, ids.length),
    );
    for (const { first, length } of spans) {
      const x = at.x + first * width * 4;
      const from = [x, rows + first * width, scales + first * 4] as const;
      this.#compute.threads.kernel.embed(...from, this.#positions, length, width);
    }
    this.#compute.norm(weights.norm, width, ids.length, at.x, at.x);
  }

  /** x ← norm(x + attention(x)). */
  #attend(layer: LayerWeights, spans: readonly TextSpan[], tokens: number, at: Activations): void {
    const { width, heads } = this.#parts.shape;
    const compute = this.#compute;
    const row = width * 4;
    const { quantized, scratch, scratchSize } = at;
    for (const { first, count } of blocks(tokens)) {
      const from = rowsAt(at.x + first * row, width);
      const to = rowsAt(at.qkv + first * 3 * row, 3 * width);
      compute.linear(layer.qkv, quantized, count, from, to);
    }
    for (const { first, length } of spans) {
      const qkv = at.qkv + first * 3 * row;
      compute.attention({ qkv, tokens: length, heads, width, scratch, scratchSize });
    }
    for (const { first, count } of blocks(tokens)) {
      const from = rowsAt(at.qkv + first * 3 * row, 3 * width);
      const x = at.x + first * row;
      compute.linear(layer.attention, quantized, count, from, rowsAt(x, width), THEN.addResidual);
      compute.norm(layer.attentionNorm, width, count, x, x);
    }
  }

  /** x ← norm(x + down(gelu(up(x)))). */
  #feedForward(layer: LayerWeights, tokens: number, at: Activations): void {
    const { width, hidden } = this.#parts.shape;
    const compute = this.#compute;
    const inner = rowsAt(at.inner, hidden);
    for (const { first, count } of blocks(tokens)) {
      const x = rowsAt(at.x + first * width * 4, width);
      compute.linear(layer.up, at.quantized, count, x, inner, THEN.gelu);
      compute.linear(layer.down, at.quantized, count, inner, x, THEN.addResidual);
      compute.norm(layer.norm, width, count, x.at, x.at);
    }
  }
}
