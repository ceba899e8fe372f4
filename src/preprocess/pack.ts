/** Bytes to the image tower's input. */

/** Per channel: (x/255 − mean) / std. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/**
 * Packs pictures of one size, each 3 · `area` RGB bytes, into planes: `[count, 3, height, width]`
 * float32, where `area` = height · width.
 */
export function packPlanes(
  pictures: readonly Uint8ClampedArray[],
  area: number,
  { mean, std }: Normalisation,
): Float32Array<ArrayBuffer> {
  const output = new Float32Array(pictures.length * 3 * area);
  const table = new Float32Array(256);
  for (let channel = 0; channel < 3; channel++) {
    const average = mean[channel] as number;
    const deviation = std[channel] as number;
    for (let byte = 0; byte < 256; byte++) table[byte] = (byte / 255 - average) / deviation;
    for (const [index, bytes] of pictures.entries()) {
      let to = (index * 3 + channel) * area;
      for (let from = channel; from < 3 * area; from += 3) {
        output[to++] = table[bytes[from] as number] as number;
      }
    }
  }
  return output;
}
