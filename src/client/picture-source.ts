/** Brings the forms in which a page has a picture into those that a worker takes. */
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { PictureInput } from '../protocol/tower-contract';
import type { ImageSource } from './api';

/**
 * What can be sent to the image tower for `source`. A URL is fetched (`fetch-failed` when that
 * fails); an element is read as it looks now (`invalid-input` when it has no picture yet, or when
 * the page may not read it).
 */
export async function toPictureInput(
  source: ImageSource,
  signal?: AbortSignal,
): Promise<PictureInput> {
  if (source instanceof Blob) return { kind: 'blob', blob: source };
  if (typeof source === 'string' || source instanceof URL) {
    return { kind: 'blob', blob: await fetchPicture(source, signal) };
  }
  if (source instanceof ImageData) return { kind: 'pixels', pixels: source };
  if (source instanceof ImageBitmap) return { kind: 'bitmap', bitmap: source };
  if (!isElement(source)) throw notAPicture(source);
  return { kind: 'bitmap', bitmap: await bitmapOf(source) };
}

/**
 * The same picture as a file: what a collection hashes and keeps. Pixels become a PNG, which is
 * lossless, so that equal pixels are equal content.
 */
export async function toPictureBlob(source: ImageSource, signal?: AbortSignal): Promise<Blob> {
  const input = await toPictureInput(source, signal);
  switch (input.kind) {
    case 'blob':
      return input.blob;
    case 'bitmap': {
      const { bitmap } = input;
      const png = await toPng(bitmap.width, bitmap.height, (context) =>
        context.drawImage(bitmap, 0, 0),
      );
      closeOwnBitmaps([input], [source]);
      return png;
    }
    case 'pixels': {
      const { pixels } = input;
      return toPng(pixels.width, pixels.height, (context) => context.putImageData(pixels, 0, 0));
    }
    default:
      return input satisfies never;
  }
}

/** Closes bitmaps that were made of `sources`; one that was handed over stays the caller's. */
export function closeOwnBitmaps(
  inputs: readonly PictureInput[],
  sources: readonly ImageSource[],
): void {
  inputs.forEach((input, index) => {
    if (input.kind === 'bitmap' && input.bitmap !== sources[index]) input.bitmap.close();
  });
}

/** The image at `url`, as far as this page may read it. */
async function fetchPicture(url: string | URL, signal?: AbortSignal): Promise<Blob> {
  try {
    const response = await fetch(url, { signal: signal ?? null });
    if (response.ok) return await response.blob();
    throw new PhotoglotError(
      'fetch-failed',
      `The image ${String(url)} could not be fetched: status ${response.status}.`,
    );
  } catch (thrown) {
    if (signal?.aborted === true) throw toPhotoglotError(thrown, 'aborted');
    if (thrown instanceof PhotoglotError) throw thrown;
    throw new PhotoglotError(
      'fetch-failed',
      `The image ${String(url)} could not be fetched: offline, or not allowed by CORS.`,
      { cause: thrown },
    );
  }
}

type PictureElement = Exclude<ImageSource, Blob | string | URL | ImageBitmap | ImageData>;

function isElement(source: unknown): source is PictureElement {
  return (
    source instanceof HTMLImageElement ||
    source instanceof HTMLCanvasElement ||
    source instanceof HTMLVideoElement ||
    source instanceof OffscreenCanvas
  );
}

async function bitmapOf(element: PictureElement): Promise<ImageBitmap> {
  try {
    if (element instanceof HTMLImageElement) await element.decode();
    return await createImageBitmap(element);
  } catch (thrown) {
    throw new PhotoglotError(
      'invalid-input',
      'The element has no picture that can be read: wait until it has loaded.',
      { cause: thrown },
    );
  }
}

async function toPng(
  width: number,
  height: number,
  draw: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<Blob> {
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no 2-D context');
    draw(context);
    return await canvas.convertToBlob({ type: 'image/png' });
  } catch (thrown) {
    throw new PhotoglotError(
      'invalid-input',
      `The picture of ${width} × ${height} pixels cannot be read: it is closed, empty, too ` +
        'large, or comes from another origin without CORS.',
      { cause: thrown },
    );
  }
}

function notAPicture(source: unknown): PhotoglotError {
  return new PhotoglotError(
    'invalid-input',
    `An image must be a Blob, File, URL, ImageBitmap, ImageData, or an image, canvas or video ` +
      `element; got ${Object.prototype.toString.call(source)}.`,
  );
}
