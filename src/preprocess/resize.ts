/** Antialiased resize, byte for byte as Pillow 13's `Image.resize(size, filter, box)` of RGB. */
import type { Pixels } from '../core/pixels';
import type { Target } from './geometry';
import { resizeKernel, type ResizeFilter } from './resize-kernel';
import type { ResizePasses } from './resize-passes';
import { ScalarResizePasses } from './scalar-resize';
import { WasmResizePasses } from './wasm-resize';

/** Keeps its memory from picture to picture: make one per thread. */
export class Resizer {
  readonly #passes: ResizePasses;

  /** @param passes by default the fastest that run here. */
  constructor(passes: ResizePasses = WasmResizePasses.create() ?? new ScalarResizePasses()) {
    this.#passes = passes;
  }

  /** The RGB bytes (3 · width · height) of the target; the source's alpha is not looked at. */
  resize(source: Pixels, target: Target, filter: ResizeFilter): Uint8ClampedArray<ArrayBuffer> {
    const { width, height, box } = target;
    const columns = resizeKernel(filter, source.width, box.left, box.right, width);
    const rows = resizeKernel(filter, source.height, box.top, box.bottom, height);
    const verticalFirst = isVerticalFirst(source, target);
    return this.#passes.run(source, { columns, rows, width, height, verticalFirst });
  }
}

/**
 * Pillow's rule since version 13 (src/libImaging/Resample.c), in pixels of the whole picture: the
 * height falls, and by more than twice what the width does. So it is with a screenshot of a phone.
 */
function isVerticalFirst(source: Pixels, { width, height }: Target): boolean {
  return source.height - height > Math.max(0, 2 * (source.width - width));
}
