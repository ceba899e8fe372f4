/** Scores of rows of signed bytes. */
import { place } from './rows';

/**
 * Scores [to − from] float32 of the rows whose numbers are list[from] to list[to − 1] (uint32), or
 * without a list (0) of the rows `from` to `to`: Σ query · row · (scale · scales[row]). Codes
 * [rows, size] and query [size] are int8 in −127…127; size is a multiple of 16, padded with zeros.
 * The row at `codes` and `scales` has the number `first`.
 */
export function int8Scores(
  from: i32,
  to: i32,
  list: usize,
  first: i32,
  codes: usize,
  size: i32,
  scales: usize,
  query: usize,
  scale: f32,
  scores: usize,
): void {
  const row = <usize>size;
  const scale4 = f32x4.splat(scale);
  let index = from;
  // Four rows at a time share what is made of the query.
  for (; index + 4 <= to; index += 4) {
    const r0 = <usize>(place(list, index) - first);
    const r1 = <usize>(place(list, index + 1) - first);
    const r2 = <usize>(place(list, index + 2) - first);
    const r3 = <usize>(place(list, index + 3) - first);
    const p0 = codes + r0 * row;
    const p1 = codes + r1 * row;
    const p2 = codes + r2 * row;
    const p3 = codes + r3 * row;
    let s0 = i32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let k: usize = 0; k < row; k += 16) {
      const q = v128.load(query + k);
      s0 = dot16(v128.load(p0 + k), q, s0);
      s1 = dot16(v128.load(p1 + k), q, s1);
      s2 = dot16(v128.load(p2 + k), q, s2);
      s3 = dot16(v128.load(p3 + k), q, s3);
    }
    let of4 = v128.load32_zero(scales + (r0 << 2));
    of4 = v128.load32_lane(scales + (r1 << 2), of4, 1);
    of4 = v128.load32_lane(scales + (r2 << 2), of4, 2);
    of4 = v128.load32_lane(scales + (r3 << 2), of4, 3);
    const sums = f32x4.convert_i32x4_s(sums4(s0, s1, s2, s3));
    v128.store(scores, f32x4.mul(sums, f32x4.mul(scale4, of4)));
    scores += 16;
  }
  for (; index < to; index++) {
    const r = <usize>(place(list, index) - first);
    const p = codes + r * row;
    let s = i32x4.splat(0);
    for (let k: usize = 0; k < row; k += 16) s = dot16(v128.load(p + k), v128.load(query + k), s);
    const sum = i32x4.extract_lane(sums4(s, s, s, s), 0);
    store<f32>(scores, <f32>sum * (scale * load<f32>(scales + (r << 2))));
    scores += 4;
  }
}

/**
 * c + the products of 16 signed bytes and 16 others, summed in four lanes. Relaxed SIMD multiplies by
 * bytes of 0–127 only, so it takes |b|, and a with the sign of b. Both forms give the same integers:
 * neighbouring products add up to at most 2 · 127 · 127, which int16 holds.
 */
@inline
function dot16(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) {
    const negative = i8x16.lt_s(b, i8x16.splat(0));
    const signed = i8x16.sub(v128.xor(a, negative), negative);
    return i32x4.relaxed_dot_i8x16_i7x16_add_s(signed, i8x16.abs(b), c);
  }
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(a), i16x8.extend_low_i8x16_s(b));
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(a), i16x8.extend_high_i8x16_s(b));
  return i32x4.add(c, i32x4.add(low, high));
}

/** [Σa, Σb, Σc, Σd] of four vectors of int32. */
@inline
function sums4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(
    v128.shuffle<i32>(a, b, 0, 4, 1, 5),
    v128.shuffle<i32>(a, b, 2, 6, 3, 7),
  );
  const cd = i32x4.add(
    v128.shuffle<i32>(c, d, 0, 4, 1, 5),
    v128.shuffle<i32>(c, d, 2, 6, 3, 7),
  );
  return i32x4.add(
    v128.shuffle<i32>(ab, cd, 0, 1, 4, 5),
    v128.shuffle<i32>(ab, cd, 2, 3, 6, 7),
  );
}
