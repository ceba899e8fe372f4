/** Bytes to the image tower's input, as planes; pack-patches.ts makes patches. */
import { LEVELS, normalisationTable, type Normalisation } from './normalisation-table';

/**
 * Packs pictures of one size, each 3 · `area` RGB bytes, into planes: `[count, 3, height, width]`
 * float32, where `area` = height · width.
 */
export function packPlanes(
  pictures: readonly Uint8ClampedArray[],
  area: number,
  normalisation: Normalisation,
): Float32Array<ArrayBuffer> {
  const output = new Float32Array(pictures.length * 3 * area);
  const tables = normalisationTable(normalisation);
  for (let channel = 0; channel < 3; channel++) {
    const table = tables.subarray(channel * LEVELS, (channel + 1) * LEVELS);
    for (const [index, bytes] of pictures.entries()) {
      let to = (index * 3 + channel) * area;
      for (let from = channel; from < 3 * area; from += 3) {
        output[to++] = table[bytes[from] as number] as number;
      }
    }
  }
  return output;
}
