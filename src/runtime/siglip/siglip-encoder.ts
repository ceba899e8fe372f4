/**
 * The vision tower of SigLIP 2 NaFlex (Tschannen et al. 2025, arXiv 2502.14786; `Siglip2VisionModel` of
 * transformers) on own kernels: weights of 7 bits, activations of 8, all else in float32. Pictures of
 * different grids run side by side without padding.
 */
import { Compute, rowsAt, type RowsAt } from '../kernels/compute';
import { THEN } from '../kernels/kernel';
import type { KernelThreads } from '../kernels/kernel-threads';
import { blocks, growTo } from '../kernels/memory';
import type { LinearWeights, NormWeights } from '../kernels/weights';
import { nextTask } from '../../core/next-task';
import { poolPatches } from './pooling';
import { resizePositions } from './position-table';
import { activationsFor, type SiglipActivations } from './siglip-memory';
import type { ProjectorShape, SiglipShape } from './siglip-shape';
import type { ProjectorWeights, SiglipLayer, SiglipWeights } from './siglip-weights';

/** What an encoder works with. */
export interface SiglipParts {
  readonly shape: SiglipShape;
  readonly weights: SiglipWeights;
  readonly projector: { readonly shape: ProjectorShape; readonly weights: ProjectorWeights } | null;
  readonly memory: WebAssembly.Memory;
  readonly threads: KernelThreads;
}

/** A picture as a grid of patches. */
export interface PatchGrid {
  readonly rows: number;
  readonly columns: number;
  /** [rows · columns, values]: normalised pixels. */
  readonly pixels: Float32Array;
}

/** A picture's patches among those of all. */
interface GridSpan extends PatchGrid {
  readonly first: number;
  readonly patches: number;
}

export class SiglipEncoder {
  readonly #parts: SiglipParts;
  readonly #compute: Compute;
  readonly #base: number;

  constructor(parts: SiglipParts) {
    const { threads, shape, projector, weights } = parts;
    this.#parts = parts;
    this.#compute = new Compute({ threads, eps: shape.eps });
    this.#base = projector?.weights.end ?? weights.end;
  }

  /** [pictures, width], or with a projector [pictures, outputs]. Rejects with the signal's reason between two layers. */
  run(pictures: readonly PatchGrid[], signal: AbortSignal): Promise<Float32Array<ArrayBuffer>> {
    return this.#compute.during(false, () => this.#runOnce(pictures, signal));
  }

  async #runOnce(
    pictures: readonly PatchGrid[],
    signal: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    const { shape, projector, memory, weights } = this.#parts;
    const spans = spansOf(pictures);
    const patches = spans.reduce((sum, span) => sum + span.patches, 0);
    const longest = Math.max(...spans.map((span) => span.patches));
    const threads = this.#compute.threads.count;
    const sizes = { shape, projector: projector?.shape ?? null, threads };
    const input = { pictures: pictures.length, patches, longest };
    const at = activationsFor(sizes, this.#base, input);
    growTo(memory, at.end);
    this.#embed(spans, patches, at);
    for (const layer of weights.layers) {
      // Messages are read in between: pictures come back prepared, and more are asked for.
      await nextTask();
      signal.throwIfAborted();
      this.#attend(layer, spans, patches, at);
      this.#feedForward(layer, at.x, patches, at);
    }
    this.#compute.norm(weights.norm, shape.width, patches, at.x, at.x);
    this.#pool(spans, patches, at);
    return this.#result(pictures.length, at);
  }

  /** x ← patches + positions. */
  #embed(spans: readonly GridSpan[], patches: number, at: SiglipActivations): void {
    const { shape, weights } = this.#parts;
    const { width, values, side } = shape;
    const table = { data: weights.positions, side, width };
    for (const { rows, columns, pixels, first, patches: count } of spans) {
      resizePositions(table, rows, columns, this.#floats(at.x, first * width, count * width));
      this.#floats(at.wide, first * values, count * values).set(pixels);
    }
    for (const { first, count } of blocks(patches)) {
      const from = rowsAt(at.wide + first * values * 4, values);
      const to = rowsAt(at.x + first * width * 4, width);
      this.#linear(weights.patch, at, count, from, to, THEN.addResidual);
    }
  }

  /** x ← x + attention(norm(x)). */
  #attend(
    { norm1, qkv, attention }: SiglipLayer,
    spans: readonly GridSpan[],
    patches: number,
    at: SiglipActivations,
  ): void {
    const { width, heads } = this.#parts.shape;
    const { scratch, scratchSize } = at;
    const row = width * 4;
    for (const { first, count } of blocks(patches)) {
      const to = rowsAt(at.wide + first * 3 * row, 3 * width);
      this.#linear(qkv, at, count, this.#normed(norm1, at.x + first * row, count, at), to);
    }
    for (const { first, patches: tokens } of spans) {
      const place = at.wide + first * 3 * row;
      this.#compute.attention({ qkv: place, tokens, heads, width, scratch, scratchSize });
    }
    for (const { first, count } of blocks(patches)) {
      const from = rowsAt(at.wide + first * 3 * row, 3 * width);
      const to = rowsAt(at.x + first * row, width);
      this.#linear(attention, at, count, from, to, THEN.addResidual);
    }
  }

  /** x ← x + down(gelu(up(norm(x)))). */
  #feedForward(
    { norm2, up, down }: Pick<SiglipLayer, 'norm2' | 'up' | 'down'>,
    x: number,
    rows: number,
    at: SiglipActivations,
  ): void {
    const { width, hidden } = this.#parts.shape;
    const inner = rowsAt(at.inner, hidden);
    for (const { first, count } of blocks(rows)) {
      const place = x + first * width * 4;
      this.#linear(up, at, count, this.#normed(norm2, place, count, at), inner, THEN.geluTanh);
      this.#linear(down, at, count, inner, rowsAt(place, width), THEN.addResidual);
    }
  }

  /** One vector for each picture. */
  #pool(spans: readonly GridSpan[], patches: number, at: SiglipActivations): void {
    const { shape, weights } = this.#parts;
    const { width, heads } = shape;
    const { query, keysAndValues, attention, norm, up, down } = weights.head;
    for (const { first, count } of blocks(patches)) {
      const from = rowsAt(at.x + first * width * 4, width);
      const to = rowsAt(at.wide + first * 2 * width * 4, 2 * width);
      this.#linear(keysAndValues, at, count, from, to);
    }
    spans.forEach(({ first, patches: own }, picture) => {
      const rows = this.#floats(at.wide, first * 2 * width, own * 2 * width);
      const out = this.#floats(at.pooled, picture * width, width);
      poolPatches({ query, keysAndValues: rows, patches: own, heads }, out);
    });
    for (const { first, count } of blocks(spans.length)) {
      const from = rowsAt(at.pooled + first * width * 4, width);
      this.#linear(attention, at, count, from, rowsAt(at.state + first * width * 4, width));
    }
    this.#feedForward({ norm2: norm, up, down }, at.state, spans.length, at);
  }

  #result(pictures: number, at: SiglipActivations): Float32Array<ArrayBuffer> {
    const { shape, projector } = this.#parts;
    if (projector === null) {
      return this.#floats(at.state, 0, pictures * shape.width).slice();
    }
    const { up, down } = projector.weights;
    const inner = rowsAt(at.inner, up.outputs);
    for (const { first, count } of blocks(pictures)) {
      const from = rowsAt(at.state + first * up.inputs * 4, up.inputs);
      const to = rowsAt(at.projected + first * down.outputs * 4, down.outputs);
      this.#linear(up, at, count, from, inner, THEN.gelu);
      this.#linear(down, at, count, inner, to);
    }
    return this.#floats(at.projected, 0, pictures * down.outputs).slice();
  }

  #normed(norm: NormWeights, x: number, rows: number, { normed }: SiglipActivations): RowsAt {
    const { width } = this.#parts.shape;
    this.#compute.norm(norm, width, rows, x, normed);
    return rowsAt(normed, width);
  }

  #linear(
    layer: LinearWeights,
    { quantized }: SiglipActivations,
    rows: number,
    from: RowsAt,
    to: RowsAt,
    then?: number,
  ): void {
    this.#compute.linear(layer, quantized, rows, from, to, then);
  }

  #floats(at: number, first: number, count: number): Float32Array {
    return new Float32Array(this.#parts.memory.buffer, at + first * 4, count);
  }
}

function spansOf(pictures: readonly PatchGrid[]): readonly GridSpan[] {
  let next = 0;
  return pictures.map((picture) => {
    const first = next;
    const patches = picture.rows * picture.columns;
    next += patches;
    return { ...picture, first, patches };
  });
}
