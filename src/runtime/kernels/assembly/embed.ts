/** What a token begins with: its word's row and its position's. */

/**
 * words [tokens, width] int8 with a scale per row, positions [≥ tokens, width] float16 →
 * x [tokens, width] float32; width is a multiple of 8.
 */
export function embed(
  x: usize,
  words: usize,
  scales: usize,
  positions: usize,
  tokens: i32,
  width: i32,
): void {
  for (let t = 0; t < tokens; t++) {
    const scale = v128.load32_splat(scales + (<usize>t << 2));
    const start = <usize>t * <usize>width;
    for (let k: usize = 0; k < <usize>width; k += 8) {
      const word = v128.load8x8_s(words + start + k);
      const place = v128.load(positions + ((start + k) << 1));
      const out = x + ((start + k) << 2);
      const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(word));
      const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(word));
      v128.store(out, f32x4.add(f32x4.mul(low, scale), halves(i32x4.extend_low_i16x8_u(place))));
      v128.store(
        out,
        f32x4.add(f32x4.mul(high, scale), halves(i32x4.extend_high_i16x8_u(place))),
        16,
      );
    }
  }
}

/** Four finite float16 in the low halves of the lanes → float32. */
@inline
function halves(bits: v128): v128 {
  const sign = i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16);
  const rest = i32x4.shl(v128.and(bits, i32x4.splat(0x7fff)), 13);
  // The exponent's bias is 112 less: a product by 2^112, which brings subnormal numbers right, too.
  return v128.or(sign, f32x4.mul(rest, f32x4.splat(5.192296858534828e33)));
}
