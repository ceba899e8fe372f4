/** The passes of a resize by WASM SIMD (resize.wat). */
import { decodeBase64 } from '../core/base64';
import type { Pixels } from '../core/pixels';
import { kernelPart, rowsRead, type ResizeKernel } from './resize-kernel';
import type { ResizePasses, ResizePlan } from './resize-passes';
import { stripsOf } from './resize-strips';
import { RESIZE_WASM } from './resize-wasm';

const PAGE_BYTES = 65_536;
/** Of the source that is in WASM memory at a time: fits a core's own cache. */
const STRIP_BYTES = 512 * 1024;
/** What the passes read and write beyond their last byte. */
const SLACK_BYTES = 16;

/** What resize.wat exports. */
interface ResizeExports {
  readonly memory: WebAssembly.Memory;
  readonly horizontal: (
    source: number,
    sourceStride: number,
    rows: number,
    starts: number,
    counts: number,
    weights: number,
    weightStride: number,
    width: number,
    output: number,
  ) => void;
  readonly vertical: (
    input: number,
    line: number,
    starts: number,
    counts: number,
    weights: number,
    weightStride: number,
    height: number,
    output: number,
  ) => void;
}

/** A kernel's arguments in the order of the exports. */
type PlacedKernel = readonly [starts: number, counts: number, weights: number, stride: number];

export class WasmResizePasses implements ResizePasses {
  readonly #exports: ResizeExports;

  private constructor(exports: ResizeExports) {
    this.#exports = exports;
  }

  /** Null where WASM SIMD is missing or forbidden (a CSP without `wasm-unsafe-eval`). */
  static create(): WasmResizePasses | null {
    try {
      const module = new WebAssembly.Module(decodeBase64(RESIZE_WASM));
      const { exports } = new WebAssembly.Instance(module);
      return new WasmResizePasses(exports as unknown as ResizeExports);
    } catch {
      return null;
    }
  }

  run(source: Pixels, plan: ResizePlan): Uint8ClampedArray<ArrayBuffer> {
    return plan.verticalFirst
      ? this.#verticalFirst(source, plan)
      : this.#horizontalFirst(source, plan);
  }

  #horizontalFirst(
    source: Pixels,
    { columns, rows, width, height }: ResizePlan,
  ): Uint8ClampedArray<ArrayBuffer> {
    const { first, last } = rowsRead(rows);
    const line = 3 * width;
    const sourceStride = 4 * source.width;
    const stripRows = Math.min(last - first, Math.max(1, Math.floor(STRIP_BYTES / sourceStride)));
    const layout = new Layout();
    const columnsAt = layout.kernel(columns);
    const rowsAt = layout.kernel(rows);
    const stripAt = layout.bytes(stripRows * sourceStride);
    const scratchAt = layout.bytes(line * (last - first));
    const outputAt = layout.bytes(line * height);
    this.#grow(layout.end);
    const { memory, horizontal, vertical } = this.#exports;
    const bytes = new Uint8ClampedArray(memory.buffer);
    const placedColumns = place(columns, columnsAt, memory.buffer);
    const placedRows = place(kernelPart(rows, 0, height, first), rowsAt, memory.buffer);
    for (let row = first; row < last; row += stripRows) {
      const count = Math.min(stripRows, last - row);
      const strip = source.data.subarray(row * sourceStride, (row + count) * sourceStride);
      bytes.set(strip, stripAt);
      const output = scratchAt + (row - first) * line;
      horizontal(stripAt, sourceStride, count, ...placedColumns, width, output);
    }
    vertical(scratchAt, line, ...placedRows, height, outputAt);
    return bytes.slice(outputAt, outputAt + line * height);
  }

  /** The vertical pass keeps the alpha channel, which the horizontal one then leaves out. */
  #verticalFirst(
    source: Pixels,
    { columns, rows, width, height }: ResizePlan,
  ): Uint8ClampedArray<ArrayBuffer> {
    const line = 4 * source.width;
    const strips = stripsOf(rows, Math.floor(STRIP_BYTES / line));
    const layout = new Layout();
    const columnsAt = layout.kernel(columns);
    const rowsAt = layout.kernel(rows);
    const stripAt = layout.bytes(line * Math.max(...strips.map(({ from, to }) => to - from)));
    const scratchAt = layout.bytes(line * height);
    const outputAt = layout.bytes(3 * width * height);
    this.#grow(layout.end);
    const { memory, horizontal, vertical } = this.#exports;
    const bytes = new Uint8ClampedArray(memory.buffer);
    const placedColumns = place(columns, columnsAt, memory.buffer);
    for (const { first, last, from, to } of strips) {
      bytes.set(source.data.subarray(from * line, to * line), stripAt);
      const placedRows = place(kernelPart(rows, first, last, from), rowsAt, memory.buffer);
      vertical(stripAt, line, ...placedRows, last - first, scratchAt + first * line);
    }
    horizontal(scratchAt, line, height, ...placedColumns, width, outputAt);
    return bytes.slice(outputAt, outputAt + 3 * width * height);
  }

  #grow(bytes: number): void {
    const { memory } = this.#exports;
    const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) memory.grow(missing);
  }
}

/** Hands out addresses one after the other. */
class Layout {
  end = 0;

  bytes(count: number): number {
    const at = this.end;
    this.end = Math.ceil((at + count + SLACK_BYTES) / 16) * 16;
    return at;
  }

  kernel({ starts, counts, weights }: ResizeKernel): number {
    return this.bytes(starts.byteLength + counts.byteLength + weights.byteLength);
  }
}

/** Copies a kernel to WASM memory. */
function place(
  { starts, counts, weights, stride }: ResizeKernel,
  at: number,
  memory: ArrayBuffer,
): PlacedKernel {
  const countsAt = at + starts.byteLength;
  const weightsAt = countsAt + counts.byteLength;
  new Int32Array(memory, at, starts.length).set(starts);
  new Int32Array(memory, countsAt, counts.length).set(counts);
  new Int32Array(memory, weightsAt, weights.length).set(weights);
  return [at, countsAt, weightsAt, 4 * stride];
}
