/** What each byte of a picture becomes. */

/** Per channel: (x/255 − mean) / std. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** Entries per channel. */
export const LEVELS = 256;

/** `[3, 256]` float32: channel, byte. Computed in float64 and rounded once. */
export function normalisationTable({ mean, std }: Normalisation): Float32Array<ArrayBuffer> {
  const table = new Float32Array(3 * LEVELS);
  for (let channel = 0; channel < 3; channel++) {
    const average = mean[channel] as number;
    const deviation = std[channel] as number;
    for (let byte = 0; byte < LEVELS; byte++) {
      table[channel * LEVELS + byte] = (byte / 255 - average) / deviation;
    }
  }
  return table;
}
