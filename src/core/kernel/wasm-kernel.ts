/** Scores by WASM SIMD (dot.wat). Rows live in WASM memory, so that a search copies nothing. */
import { PhotoglotError } from '../../errors';
import { decodeBase64 } from '../base64';
import { DOT_WASM } from './dot-wasm';
import { BLOCK_ROWS, type RowMemory, type ScoreKernel } from './score-kernel';

const PAGE_BYTES = 65_536;
const MAX_PAGES = 65_536;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** What dot.wat exports. */
interface DotExports {
  readonly memory: WebAssembly.Memory;
  /** All addresses in bytes. */
  readonly dot: (
    query: number,
    rows: number,
    scores: number,
    count: number,
    dimension: number,
  ) => void;
}

/** The kernel, or null where WASM SIMD is missing or forbidden (a CSP without `wasm-unsafe-eval`). */
export function createWasmKernel(): ScoreKernel | null {
  try {
    const module = new WebAssembly.Module(decodeBase64(DOT_WASM));
    return { name: 'wasm-simd', allocate: (dimension) => new WasmMemory(module, dimension) };
  } catch {
    return null;
  }
}

/** Layout: query, scores of one block, rows. Only the rows grow, so nothing ever moves. */
class WasmMemory implements RowMemory {
  readonly #dimension: number;
  readonly #exports: DotExports;
  readonly #scoresAt: number;
  readonly #rowsAt: number;

  constructor(module: WebAssembly.Module, dimension: number) {
    this.#dimension = dimension;
    this.#exports = new WebAssembly.Instance(module).exports as unknown as DotExports;
    this.#scoresAt = Math.ceil((dimension * FLOAT_BYTES) / 16) * 16;
    this.#rowsAt = this.#scoresAt + BLOCK_ROWS * FLOAT_BYTES;
    this.#growTo(this.#rowsAt);
  }

  reserve(rows: number): Float32Array<ArrayBuffer> {
    this.#growTo(this.#rowsAt + rows * this.#dimension * FLOAT_BYTES);
    const { buffer } = this.#exports.memory;
    const length = Math.floor((buffer.byteLength - this.#rowsAt) / FLOAT_BYTES);
    return new Float32Array(buffer, this.#rowsAt, length - (length % this.#dimension));
  }

  score(query: Float32Array, first: number, count: number): Float32Array {
    const { memory, dot } = this.#exports;
    new Float32Array(memory.buffer, 0, this.#dimension).set(query);
    const rows = this.#rowsAt + first * this.#dimension * FLOAT_BYTES;
    dot(0, rows, this.#scoresAt, count, this.#dimension);
    return new Float32Array(memory.buffer, this.#scoresAt, count);
  }

  #growTo(bytes: number): void {
    const { memory } = this.#exports;
    const has = memory.buffer.byteLength / PAGE_BYTES;
    const needed = Math.ceil(bytes / PAGE_BYTES);
    if (needed <= has) return;
    // By a quarter at least: an engine that cannot grow in place copies everything each time.
    const roomy = Math.min(MAX_PAGES, Math.max(needed, Math.ceil(has * 1.25)));
    if (needed > MAX_PAGES || !(tryGrow(memory, roomy - has) || tryGrow(memory, needed - has))) {
      throw new PhotoglotError(
        'too-large',
        `There is no memory for ${Math.ceil(bytes / 1e6)} MB of vectors.`,
      );
    }
  }
}

function tryGrow(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}
