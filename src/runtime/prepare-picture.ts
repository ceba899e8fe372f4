/** A picture in any form → the bytes that the tower sees, and a thumbnail. */
import { toPhotoglotError } from '../errors';
import type { ImageTower } from '../models/manifest';
import { flatten } from '../preprocess/flatten';
import { targetOf, withPatchLimit } from '../preprocess/geometry';
import { Resizer } from '../preprocess/resize';
import type { Pixels } from '../core/pixels';
import type { PictureInput } from '../protocol/tower-contract';
import { decodePicture, inspectPicture } from './decode-picture';
import { canvasOf, makeThumbnail, PictureCanvas } from './picture-canvas';
import { alone } from './large-pictures';
import { PriorityGate, type GateOptions } from './priority-gate';

/** Decoded pixels that may be in memory at once (4 bytes each), of all threads together. */
export const PIXELS_AT_ONCE = 48e6;

/** Ready to be packed with others of its size. */
export interface PreparedPicture {
  /** 3 · width · height bytes. */
  readonly rgb: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** The picture's own size, upright. */
  readonly original: { readonly width: number; readonly height: number };
  readonly thumbnail: Blob | null;
}

export interface PrepareOptions {
  /** Longest side in pixels; 0 for none. */
  readonly thumbnail: number;
  readonly gate: GateOptions;
  /** As of a `PictureBatch`. @default null */
  readonly patches?: number | null;
}

type Decoded =
  | {
      readonly kind: 'bitmap';
      readonly bitmap: ImageBitmap;
      /** Where the bitmap was reduced. */
      readonly original?: PreparedPicture['original'];
    }
  | { readonly kind: 'pixels'; readonly pixels: Pixels };

/** What a tower says of the pictures that it takes. */
export type PictureTarget = Pick<ImageTower, 'geometry' | 'filter' | 'background' | 'batch'>;

/** Makes of a picture what the tower sees: here, or in workers of their own. */
export interface Preparing {
  /** Rejects with a code that says what is wrong with the picture. Closes a given bitmap. */
  prepare(input: PictureInput, options: PrepareOptions): Promise<PreparedPicture>;
}

export class PicturePreparer implements Preparing {
  readonly #tower: PictureTarget;
  readonly #pixelsAtOnce: number;
  readonly #gate: PriorityGate;
  readonly #canvas = new PictureCanvas();
  readonly #resizer = new Resizer();

  /** @param pixelsAtOnce decoded pixels that may be in memory at once. */
  constructor(tower: PictureTarget, pixelsAtOnce = PIXELS_AT_ONCE) {
    this.#tower = tower;
    this.#pixelsAtOnce = pixelsAtOnce;
    this.#gate = new PriorityGate(pixelsAtOnce);
  }

  async prepare(input: PictureInput, options: PrepareOptions): Promise<PreparedPicture> {
    switch (input.kind) {
      case 'blob': {
        const file = await inspectPicture(input.blob);
        return this.#decoded(file.header, options, async () => ({
          kind: 'bitmap',
          ...(await decodePicture(file)),
        }));
      }
      case 'bitmap':
        return this.#decoded(input.bitmap, options, () => Promise.resolve(input)).finally(() => {
          // Also when it was aborted while it waited.
          input.bitmap.close();
        });
      case 'pixels':
        return this.#decoded(input.pixels, options, () => Promise.resolve(input));
      default:
        return input satisfies never;
    }
  }

  /** For pixels at hand, without a thumbnail. */
  prepareNow(pixels: Pixels, patches: number | null = null): Omit<PreparedPicture, 'thumbnail'> {
    return this.#fit(flatten(pixels, this.#tower.background), patches);
  }

  /** Pixels without transparency. */
  #fit(pixels: Pixels, patches: number | null): Omit<PreparedPicture, 'thumbnail'> {
    const { geometry, filter } = this.#tower;
    const target = targetOf(withPatchLimit(geometry, patches), pixels.width, pixels.height);
    const rgb = this.#resizer.resize(pixels, target, filter);
    const original = { width: pixels.width, height: pixels.height };
    return { rgb, width: target.width, height: target.height, original };
  }

  async #decoded(
    size: { readonly width: number; readonly height: number },
    { thumbnail, gate, patches = null }: PrepareOptions,
    decode: () => Promise<Decoded>,
  ): Promise<PreparedPicture> {
    // An unknown size is taken for a large one; the least weight limits how many wait decoded.
    const pixels = size.width * size.height || this.#pixelsAtOnce / 2;
    const weight = Math.max(pixels, this.#pixelsAtOnce / (2 * this.#tower.batch));
    const leave = await this.#gate.enter({ ...gate, weight });
    try {
      const isLarge = pixels > this.#pixelsAtOnce;
      const decoded = await (isLarge ? alone(gate.signal, decode) : decode());
      return await this.#finish(decoded, thumbnail, patches);
    } catch (thrown) {
      throw toPhotoglotError(thrown, 'decode-failed');
    } finally {
      leave();
    }
  }

  /** From the reading of the pixels on nothing waits, so that the bitmap is soon closed. */
  #finish(decoded: Decoded, longest: number, patches: number | null): Promise<PreparedPicture> {
    const { background } = this.#tower;
    try {
      const pixels =
        decoded.kind === 'bitmap'
          ? this.#canvas.read(decoded.bitmap, background)
          : flatten(decoded.pixels, background);
      const thumbnail = this.#thumbnail(decoded, longest);
      const prepared = this.#fit(pixels, patches);
      const { original } = { ...prepared, ...decoded };
      return thumbnail.then((blob) => ({ ...prepared, original, thumbnail: blob }));
    } finally {
      if (decoded.kind === 'bitmap') decoded.bitmap.close();
    }
  }

  #thumbnail(decoded: Decoded, longest: number): Promise<Blob | null> {
    if (longest === 0) return Promise.resolve(null);
    const source = decoded.kind === 'bitmap' ? decoded.bitmap : canvasOf(decoded.pixels);
    return makeThumbnail(source, longest, this.#tower.background);
  }
}
