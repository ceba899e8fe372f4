/** Golden vectors of a manifest as numbers, and how near another vector is. */

import { decodeBase64 } from '../core/base64';

/** Decodes base64 of little-endian float32. */
export function decodeVector(base64: string): Float32Array<ArrayBuffer> {
  const bytes = decodeBase64(base64);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length >> 2 }, (_, index) =>
    view.getFloat32(index * 4, true),
  );
}

/** Cosine of the angle between two vectors of equal length; 0 if one has no length. */
export function cosine(left: Float32Array, right: Float32Array): number {
  let dot = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? 0;
    dot += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  }
  const product = Math.sqrt(leftSquares * rightSquares);
  return product === 0 ? 0 : dot / product;
}
