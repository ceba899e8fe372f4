/** Pictures drawn by formula, as training/tests/export_inputs.py draws them. */

/** RGBA of four quarters of random colours with a fine texture over them. Sides up to 8,000. */
export function patchwork(seed: number, width: number, height: number): ImageData {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((2 * y) / height);
    for (let x = 0; x < width; x++, at += 4) {
      const column = Math.floor((2 * x) / width);
      const texture = ((7 * x * x + 13 * x * y) >> 6) & 255;
      for (let channel = 0; channel < 3; channel++) {
        data[at + channel] = (mixed([seed, column, row, channel]) * 7 + texture) >> 3;
      }
    }
  }
  return new ImageData(data, width, height);
}

/** A byte that looks random: FNV-1a over the numbers, finished as murmur3 is. */
function mixed(parts: readonly number[]): number {
  let value = 2166136261;
  for (const part of parts) value = Math.imul(value ^ part, 16777619);
  value ^= value >>> 15;
  value = Math.imul(value, 2246822519);
  value ^= value >>> 13;
  return value & 255;
}
