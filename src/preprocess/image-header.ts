/** What a file's first bytes say about it; names and declared types of files are often wrong. */

/** An image file. */
export interface ImageHeader {
  readonly mime: string;
  /** Pixels as stored, before any EXIF rotation; 0 where the bytes at hand do not tell. */
  readonly width: number;
  readonly height: number;
  /** Whether every browser decodes it; of the rest some do. */
  readonly universal: boolean;
}

/** Bytes that tell the type of every file, and the size of nearly every one. */
export const HEADER_BYTES = 65_536;

/** The header of an image of a known type, or null. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return known('image/jpeg', jpegSize(view));
  if (ascii(bytes, 1, 'PNG\r\n')) return known('image/png', sizeAt(view, 16, 'u32', false));
  if (ascii(bytes, 0, 'GIF8')) return known('image/gif', sizeAt(view, 6, 'u16', true));
  if (ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, 'WEBP'))
    return known('image/webp', webpSize(view));
  if (ascii(bytes, 0, 'BM')) return known('image/bmp', sizeAt(view, 18, 'u32', true));
  if (ascii(bytes, 4, 'ftyp')) return isoMedia(bytes, view);
  const jxl = startsWith(bytes, 0, [0xff, 0x0a]) || ascii(bytes, 4, 'JXL ');
  return jxl ? { mime: 'image/jxl', ...UNKNOWN, universal: false } : null;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const UNKNOWN: Size = { width: 0, height: 0 };

function known(mime: string, size: Size): ImageHeader {
  return { mime, ...size, universal: true };
}

function startsWith(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte);
}

function ascii(bytes: Uint8Array, at: number, expected: string): boolean {
  return startsWith(
    bytes,
    at,
    Array.from(expected, (char) => char.charCodeAt(0)),
  );
}

function sizeAt(view: DataView, at: number, type: 'u16' | 'u32', littleEndian: boolean): Size {
  const bytes = type === 'u16' ? 2 : 4;
  if (view.byteLength < at + 2 * bytes) return UNKNOWN;
  const read = (offset: number): number =>
    type === 'u16' ? view.getUint16(offset, littleEndian) : view.getInt32(offset, littleEndian);
  // A BMP with a negative height is stored top to bottom.
  return { width: Math.abs(read(at)), height: Math.abs(read(at + bytes)) };
}

/** Walks the segments to the start of frame (C0–CF except the tables C4, C8 and CC). */
function jpegSize(view: DataView): Size {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff || marker === 0xff) {
      at += 1;
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9)) {
      at += 2;
    } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  return UNKNOWN;
}

/** Three kinds: lossy `VP8 `, lossless `VP8L` (14 bits each, less one), extended `VP8X` (24 bits). */
function webpSize(view: DataView): Size {
  if (view.byteLength < 30) return UNKNOWN;
  switch (view.getUint8(15)) {
    case 0x20:
      return {
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    case 0x4c: {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 0x58:
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
      };
    default:
      return UNKNOWN;
  }
}

/** AVIF and HEIC: the size is in an `ispe` box; of several (tiles, alpha) the largest is meant. */
function isoMedia(bytes: Uint8Array, view: DataView): ImageHeader | null {
  const brand = String.fromCharCode(...bytes.subarray(8, 12));
  const avif = brand === 'avif' || brand === 'avis';
  if (!avif && !/^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) return null;
  let size = UNKNOWN;
  for (let at = 12; at + 16 <= view.byteLength; at++) {
    if (!ascii(bytes, at, 'ispe')) continue;
    const found = sizeAt(view, at + 8, 'u32', false);
    if (found.width * found.height > size.width * size.height) size = found;
  }
  return { mime: avif ? 'image/avif' : 'image/heic', ...size, universal: false };
}
