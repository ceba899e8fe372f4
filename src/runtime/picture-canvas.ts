/** Bitmaps to pixels and thumbnails. */
import type { Pixels } from '../core/pixels';
import { PhotoglotError } from '../errors';

type Background = readonly [number, number, number];
type Drawable = ImageBitmap | OffscreenCanvas;

/** JPEG, for pictures of a few hundred pixels: no visible blocks, some 15 KB. */
const THUMBNAIL_QUALITY = 0.8;

/** Reads pixels through one canvas that is kept: make one per thread. */
export class PictureCanvas {
  readonly #canvas = new OffscreenCanvas(1, 1);
  readonly #context = contextOf(this.#canvas);

  /** The bitmap's pixels laid over `background`, hence opaque. */
  read(bitmap: ImageBitmap, background: Background): Pixels {
    const { width, height } = bitmap;
    // Setting a side clears the canvas, even to the same value: only where needed.
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    drawOver(this.#context, bitmap, width, height, background);
    const { data } = this.#context.getImageData(0, 0, width, height);
    return { width, height, data };
  }
}

/** A JPEG with its longest side at most `longest` pixels; never enlarged. */
export async function makeThumbnail(
  source: Drawable,
  longest: number,
  background: Background,
): Promise<Blob> {
  const scale = Math.min(1, longest / Math.max(source.width, source.height));
  const width = Math.max(1, Math.round(source.width * scale));
  const height = Math.max(1, Math.round(source.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.imageSmoothingQuality = 'high';
  drawOver(context, source, width, height, background);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: THUMBNAIL_QUALITY });
}

/** A canvas that holds the pixels as they are. */
export function canvasOf(pixels: Pixels): OffscreenCanvas {
  const { data, width, height } = pixels;
  const canvas = new OffscreenCanvas(width, height);
  contextOf(canvas).putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

function drawOver(
  context: OffscreenCanvasRenderingContext2D,
  source: Drawable,
  width: number,
  height: number,
  background: Background,
): void {
  context.fillStyle = `rgb(${background.join(' ')})`;
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  // In main memory: reading back from a GPU's would cost more than drawing there saves.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (context !== null) return context;
  throw new PhotoglotError('internal', 'This browser draws no 2-D canvas in a worker.');
}
