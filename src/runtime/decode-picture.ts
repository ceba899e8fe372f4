/** Files to bitmaps, with an error that says what is wrong with a file. */
import { PhotoglotError } from '../errors';
import { HEADER_BYTES, readImageHeader, type ImageHeader } from '../preprocess/image-header';

/** Larger pictures are refused: 16,384 × 16,384 pixels take a gigabyte. */
const MAX_PIXELS = 2 ** 28;
/** Larger ones are reduced by the browser first; the model sees far less than that anyway. */
const FULL_PIXELS = 24e6;
/** Longest side that a canvas takes everywhere. */
const FULL_SIDE = 16_384;

/** An image file whose type is known. */
export interface PictureFile {
  readonly blob: Blob;
  readonly header: ImageHeader;
}

/** Looks into the file. Throws `empty-file`, `unsupported-type`, `too-large` or `decode-failed`. */
export async function inspectPicture(blob: Blob): Promise<PictureFile> {
  if (blob.size === 0) throw new PhotoglotError('empty-file', 'The file has no bytes.');
  let header = readImageHeader(await headOf(blob, HEADER_BYTES));
  if (header?.width === 0) {
    // Previews and colour profiles may come before the size.
    header = readImageHeader(await headOf(blob, 16 * HEADER_BYTES));
  }
  if (header === null) {
    const message = 'The file is not an image of a known type (JPEG, PNG, WebP, GIF, AVIF, BMP).';
    throw new PhotoglotError('unsupported-type', message);
  }
  if (header.width * header.height > MAX_PIXELS) throw tooLarge(header);
  return { blob, header };
}

/** An upright picture; the bitmap is the owner's to close. */
export interface DecodedPicture {
  readonly bitmap: ImageBitmap;
  /** Size before any reduction. */
  readonly original: { readonly width: number; readonly height: number };
}

/** Decodes upright (EXIF). */
export async function decodePicture({ blob, header }: PictureFile): Promise<DecodedPicture> {
  let bitmap: ImageBitmap;
  try {
    // By content, not by what the file calls itself.
    bitmap = await createImageBitmap(blob.slice(0, blob.size, header.mime));
  } catch (thrown) {
    const { mime, universal } = header;
    if (universal) {
      const message = `The ${mime} file is damaged: it cannot be decoded.`;
      throw new PhotoglotError('decode-failed', message, { cause: thrown });
    }
    const message = `This browser does not decode ${mime}. Convert the picture to JPEG.`;
    throw new PhotoglotError('unsupported-type', message, { cause: thrown });
  }
  const original = { width: bitmap.width, height: bitmap.height };
  return { bitmap: await reduced(bitmap), original };
}

/** The size may not have been known before; and width and height may have been swapped by EXIF. */
async function reduced(bitmap: ImageBitmap): Promise<ImageBitmap> {
  const { width, height } = bitmap;
  const scale = Math.min(
    Math.sqrt(FULL_PIXELS / (width * height)),
    FULL_SIDE / Math.max(width, height),
  );
  if (scale >= 1) return bitmap;
  try {
    return await createImageBitmap(bitmap, {
      resizeWidth: Math.max(1, Math.round(width * scale)),
      resizeHeight: Math.max(1, Math.round(height * scale)),
      resizeQuality: 'high',
    });
  } catch (thrown) {
    throw new PhotoglotError('decode-failed', 'The picture could not be reduced.', {
      cause: thrown,
    });
  } finally {
    bitmap.close();
  }
}

async function headOf(blob: Blob, bytes: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(0, bytes).arrayBuffer());
  } catch (thrown) {
    // The file was moved or changed after it was chosen.
    const message = 'The file can no longer be read. Choose it again.';
    throw new PhotoglotError('decode-failed', message, { cause: thrown });
  }
}

function tooLarge({ width, height }: ImageHeader): PhotoglotError {
  const message = `The picture has ${width} × ${height} pixels; the limit is ${MAX_PIXELS} in all.`;
  return new PhotoglotError('too-large', message);
}
