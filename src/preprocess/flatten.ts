/** Transparent pixels over a background. */
import type { Pixels } from '../core/pixels';

/** The picture without transparency; itself, not a copy, where it has none. */
export function flatten(pixels: Pixels, background: readonly [number, number, number]): Pixels {
  const { data, width, height } = pixels;
  let at = 3;
  while (at < data.length && data[at] === 255) at += 4;
  if (at >= data.length) return pixels;
  const output = new Uint8ClampedArray(data);
  for (let i = at - 3; i < data.length; i += 4) {
    const alpha = data[i + 3] as number;
    for (let channel = 0; channel < 3; channel++) {
      const over = (data[i + channel] as number) * alpha;
      const under = (background[channel] as number) * (255 - alpha);
      output[i + channel] = Math.floor((over + under) / 255 + 0.5);
    }
    output[i + 3] = 255;
  }
  return { width, height, data: output };
}
