/** What does the work of a resize: one implementation per instruction set, equal to the byte. */
import type { Pixels } from '../core/pixels';
import type { ResizeKernel } from './resize-kernel';

/** From a picture to `width` × `height`. */
export interface ResizePlan {
  readonly columns: ResizeKernel;
  readonly rows: ResizeKernel;
  readonly width: number;
  readonly height: number;
  /** Which pass comes first shows in the result, as bytes are rounded between the two. */
  readonly verticalFirst: boolean;
}

export interface ResizePasses {
  /** 3 · width · height bytes of RGB; the source's alpha is not looked at. */
  run(source: Pixels, plan: ResizePlan): Uint8ClampedArray<ArrayBuffer>;
}
