/**
 * The operations that come in several forms. `DOT` is set when this is compiled: 2 where the engine has
 * one instruction for all of `dot16` (ARM's dot product, AVX-VNNI), 1 where it is faster in two steps
 * (other x86), 0 without relaxed SIMD.
 */

/** a · b + c of four floats. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (DOT > 0) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * c + the products of 16 signed bytes and 16 bytes of 0–127, summed in four lanes. All forms give the
 * same integers: neighbouring products add up to at most 2 · 127 · 127, which int16 holds.
 */
@inline
export function dot16(signed: v128, small: v128, c: v128): v128 {
  if (DOT == 2) return i32x4.relaxed_dot_i8x16_i7x16_add_s(signed, small, c);
  if (DOT == 1) {
    const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(signed, small);
    return i32x4.add(c, i32x4.dot_i16x8_s(pairs, i16x8.splat(1)));
  }
  const low = i32x4.dot_i16x8_s(
    i16x8.extend_low_i8x16_s(signed),
    i16x8.extend_low_i8x16_s(small),
  );
  const high = i32x4.dot_i16x8_s(
    i16x8.extend_high_i8x16_s(signed),
    i16x8.extend_high_i8x16_s(small),
  );
  return i32x4.add(c, i32x4.add(low, high));
}

/** [Σa, Σb, Σc, Σd] of four vectors of numbers of that type, of 32 bits. */
@inline
export function sums<T>(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = v128.add<T>(
    v128.shuffle<i32>(a, b, 0, 4, 1, 5),
    v128.shuffle<i32>(a, b, 2, 6, 3, 7),
  );
  const cd = v128.add<T>(
    v128.shuffle<i32>(c, d, 0, 4, 1, 5),
    v128.shuffle<i32>(c, d, 2, 6, 3, 7),
  );
  return v128.add<T>(
    v128.shuffle<i32>(ab, cd, 0, 1, 4, 5),
    v128.shuffle<i32>(ab, cd, 2, 3, 6, 7),
  );
}

/** The sum of four floats. */
@inline
export function sum4(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) +
    (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}

/** The largest of four floats. */
@inline
export function max4(a: v128): f32 {
  return max(
    max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
    max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  );
}
