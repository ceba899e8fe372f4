/**
 * A BERT encoder (Devlin et al. 2019, arXiv 1810.04805; XLM-R's form, arXiv 1911.02116) on own
 * kernels: weights of 7 bits, activations of 8, all else in float32. Texts of different lengths run
 * side by side without padding.
 */
import { nextTask } from '../next-task';
import { THEN } from './bert-kernel';
import {
  activationsFor,
  BLOCK,
  growTo,
  positionsSize,
  wholeTiles,
  type Activations,
} from './bert-memory';
import type { RunOptions } from '../model-session';
import type { BertShape } from './bert-shape';
import { POSITIONS, type BertWeights, type LayerWeights, type LinearWeights } from './bert-weights';
import { singleThread, type KernelThreads } from './kernel-threads';
import { readTensor, tensorOf, type TensorFile } from './safetensors';
import { longestOf, spansOf, tokensIn, type TextSpan } from './text-spans';
import { ThreadsFailed } from './thread-pool';
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
  readonly #alone: KernelThreads;
  /** All of them; the calling one alone after any of them has failed. */
  #all: KernelThreads;
  /** Of the run that is under way. */
  #threads: KernelThreads;
  /** Where the positions are, and how many have been read. */
  readonly #positions: number;
  #positionsRead = 0;

  constructor(parts: BertParts) {
    this.#parts = parts;
    this.#alone = singleThread(parts.threads.kernel);
    this.#all = parts.threads;
    this.#threads = this.#alone;
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
    this.#threads = isShort && shared ? this.#alone : this.#all;
    try {
      return await this.#runOnce(texts, signal);
    } catch (thrown) {
      if (!(thrown instanceof ThreadsFailed)) throw thrown;
      this.#all.release();
      this.#all = this.#threads = this.#alone;
      return await this.#runOnce(texts, signal);
    }
  }

  async #runOnce(texts: readonly (readonly number[])[], signal: AbortSignal): Promise<Activations> {
    const { shape, memory, weights } = this.#parts;
    const spans = spansOf(texts);
    const [tokens, longest] = [tokensIn(spans), longestOf(spans)];
    const base = this.#positions + positionsSize(shape);
    const at = activationsFor(shape, base, tokens, longest, this.#threads.count);
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
    // Little work; and a thread that fails is not noticed here.
    this.#threads = this.#alone;
    const result = new Float32Array(rows * layer.outputs);
    for (let row = 0; row < rows; row += BLOCK) {
      const count = Math.min(BLOCK, rows - row);
      const x = at.x + (first + row) * shape.width * 4;
      this.#linear(at, layer, x, shape.width, count, at.inner, layer.outputs);
      const block = new Float32Array(memory.buffer, at.inner, count * layer.outputs);
      result.set(block, row * layer.outputs);
    }
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
    const { width, eps } = shape;
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
      this.#threads.kernel.embed(...from, this.#positions, length, width);
    }
    const { weight, bias } = weights.norm;
    this.#threads.run('norm', ids.length, 1, () => [at.x, weight, bias, width, eps]);
  }

  /** x ← norm(x + attention(x)). */
  #attend(layer: LayerWeights, spans: readonly TextSpan[], tokens: number, at: Activations): void {
    const { width, heads } = this.#parts.shape;
    const row = width * 4;
    for (const { first, count } of blocks(tokens)) {
      const out = at.qkv + first * 3 * row;
      this.#linear(at, layer.qkv, at.x + first * row, width, count, out, 3 * width);
    }
    for (const { first, length } of spans) {
      const qkv = at.qkv + first * 3 * row;
      this.#threads.run('attention', heads, 1, (thread) => [
        qkv,
        at.scratch + thread * at.scratchSize,
        length,
        width / heads,
        width,
      ]);
    }
    for (const { first, count } of blocks(tokens)) {
      const [x, attended] = [at.x + first * row, at.qkv + first * 3 * row];
      this.#linear(at, layer.attention, attended, 3 * width, count, x, width, THEN.addResidual);
      this.#norm(x, layer.attentionNorm, count);
    }
  }

  /** x ← norm(x + down(gelu(up(x)))). */
  #feedForward(layer: LayerWeights, tokens: number, at: Activations): void {
    const { width, hidden } = this.#parts.shape;
    for (const { first, count } of blocks(tokens)) {
      const x = at.x + first * width * 4;
      this.#linear(at, layer.up, x, width, count, at.inner, hidden, THEN.gelu);
      this.#linear(at, layer.down, at.inner, hidden, count, x, width, THEN.addResidual);
      this.#norm(x, layer.norm, count);
    }
  }

  /** `rows` of x, `stride` floats apart, through a layer; what is added is what was at `out`. */
  #linear(
    at: Activations,
    { weight, scale, bias, inputs, outputs }: LinearWeights,
    x: number,
    stride: number,
    rows: number,
    out: number,
    outStride: number,
    then: number = THEN.nothing,
  ): void {
    const { shape } = this.#parts;
    const { codes, scales, starts } = at;
    const quantized = [codes, scales, starts] as const;
    this.#threads.run('quantize', rows, 1, () => [...quantized, x, inputs, stride, shape.group]);
    this.#threads.run('linear', outputs, 4, () => [
      out,
      outStride,
      ...quantized,
      weight,
      scale,
      bias,
      out,
      wholeTiles(rows),
      inputs,
      shape.group,
      then,
    ]);
  }

  #norm(x: number, { weight, bias }: LayerWeights['norm'], rows: number): void {
    const { shape } = this.#parts;
    this.#threads.run('norm', rows, 1, () => [x, weight, bias, shape.width, shape.eps]);
  }
}

function* blocks(tokens: number): Iterable<{ readonly first: number; readonly count: number }> {
  for (let first = 0; first < tokens; first += BLOCK) {
    yield { first, count: Math.min(BLOCK, tokens - first) };
  }
}
