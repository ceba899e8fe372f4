/** The first pass over binary codes: a rank for each row, and how often each rank occurs. */

import { touch } from './touch';

/** There are so many ranks, 0 for the best rows. */
const RANKS: f32 = 16384;
/**
 * Of 64 rows, accepted ones from which on all are scored, one behind the other as the processor
 * foresees: leaping over the others would take longer.
 */
const DENSE = 8;

/**
 * Rows `from` (a multiple of 64) to `to` of codes [rows, words] of 128 bits → ranks [rows] uint16:
 * (top − score) · scale in whole numbers from 0 to 16,383, where the score is offsets[row] +
 * factors[row] · step · (bits − 2 · distance), and the distance is the number of bits in which the row
 * differs from query [words]. What is not a number has the last rank. histogram [16,384] uint32 is
 * added to. At most 511 words. There is room for a multiple of 64 offsets, factors and ranks.
 *
 * With a filter, one bit per row (whole words of 64 bits; 0 for none), the rank of a rejected row is
 * 0xffff, and the histogram knows nothing of it.
 *
 * For 64 rows at a time all distances, then all ranks, then the counts: a count that is changed while
 * others are on their way holds the processor up, if its place is known only then.
 */
export function roughRanks(
  from: i32,
  to: i32,
  codes: usize,
  words: i32,
  bits: i32,
  query: usize,
  step: f32,
  offsets: usize,
  factors: usize,
  top: f32,
  scale: f32,
  filter: usize,
  ranks: usize,
  histogram: usize,
): void {
  const size = <usize>words << 4;
  let foreseen = false;
  for (let block = from; block < to; block += 64) {
    const end = min(to, block + 64);
    let accepted = filter == 0 ? -1 : load<u64>(filter + (<usize>block >> 3));
    if (end - block < 64) accepted &= (<u64>1 << (end - block)) - 1;
    const target = ranks + (<usize>block << 1);
    const rows = codes + <usize>block * size;
    const dense = <i32>popcnt(accepted) >= DENSE;
    if (dense) {
      const count = <usize>(end - block);
      // Behind leaps the processor does not foresee yet.
      if (!foreseen) touch(rows, count * size);
      for (let row: usize = 0; row < count; row++) measure(row, rows, size, query, target);
    } else {
      for (let left = accepted; left != 0; left &= left - 1) {
        touch(rows + <usize>ctz(left) * size, size);
      }
      for (let left = accepted; left != 0; left &= left - 1) {
        measure(<usize>ctz(left), rows, size, query, target);
      }
    }
    foreseen = dense;
    for (let k: usize = 0; k < 64; k += 8) {
      const at = (<usize>block + k) << 2;
      const offset = offsets + at;
      const factor = factors + at;
      const distances = v128.load(target + (k << 1));
      const four = i32x4.extend_low_i16x8_u(distances);
      const next = i32x4.extend_high_i16x8_u(distances);
      const low = rank4(four, bits, step, offset, factor, top, scale);
      const high = rank4(next, bits, step, offset + 16, factor + 16, top, scale);
      const bit8 = v128.and(
        i16x8.splat(<i16>((accepted >> k) & 255)),
        i16x8(1, 2, 4, 8, 16, 32, 64, 128),
      );
      // All bits of a rejected row: 0xffff.
      const rejected = i16x8.eq(bit8, i16x8.splat(0));
      v128.store(target + (k << 1), v128.or(i16x8.narrow_i32x4_u(low, high), rejected));
    }
    for (let left = accepted; left != 0; left &= left - 1) {
      const count = histogram + (<usize>load<u16>(target + (<usize>ctz(left) << 1)) << 2);
      store<u32>(count, load<u32>(count) + 1);
    }
  }
}

@inline
function measure(row: usize, codes: usize, size: usize, query: usize, distances: usize): void {
  store<u16>(distances + (row << 1), <u16>difference(codes + row * size, size, query));
}

/** The ranks of four rows at these distances. */
@inline
function rank4(
  distances: v128,
  bits: i32,
  step: f32,
  offsets: usize,
  factors: usize,
  top: f32,
  scale: f32,
): v128 {
  const agreeing = i32x4.sub(i32x4.splat(bits), i32x4.shl(distances, 1));
  const product = f32x4.mul(f32x4.splat(step), f32x4.convert_i32x4_s(agreeing));
  const score = f32x4.add(v128.load(offsets), f32x4.mul(v128.load(factors), product));
  const below = f32x4.mul(f32x4.sub(f32x4.splat(top), score), f32x4.splat(scale));
  // In this order of operands NaN becomes the last rank.
  const limited = f32x4.pmax(f32x4.splat(0), f32x4.pmin(f32x4.splat(RANKS - 1), below));
  return i32x4.trunc_sat_f32x4_s(limited);
}

/**
 * Eight words at a time: carry-save adders (Muła, Kurz, Lemire 2018, arXiv 1611.07612) leave four
 * words to be counted, as a SIMD population count takes some ten instructions on x86.
 */
@inline
function difference(row: usize, size: usize, query: usize): i32 {
  let total = i16x8.splat(0);
  const end = row + size;
  let q = query;
  while (row + 128 <= end) {
    const a = differing(row, q, 0);
    const b = differing(row, q, 16);
    const c = differing(row, q, 32);
    const d = differing(row, q, 48);
    const e = differing(row, q, 64);
    const f = differing(row, q, 80);
    const g = differing(row, q, 96);
    const h = differing(row, q, 112);
    const ab = v128.xor(a, b);
    const de = v128.xor(d, e);
    const abc = v128.xor(ab, c);
    const def = v128.xor(de, f);
    const ones = v128.xor(abc, def);
    const carry1 = carry(a, b, ab, c);
    const carry2 = carry(d, e, de, f);
    const carry3 = carry(abc, def, ones, g);
    const carries = v128.xor(carry1, carry2);
    const fours = i8x16.popcnt(carry(carry1, carry2, carries, carry3));
    const twos = i8x16.add(i8x16.popcnt(v128.xor(carries, carry3)), i8x16.add(fours, fours));
    const single = i8x16.add(i8x16.popcnt(v128.xor(ones, g)), i8x16.popcnt(h));
    total = i16x8.add(
      total,
      i16x8.extadd_pairwise_i8x16_u(i8x16.add(single, i8x16.add(twos, twos))),
    );
    row += 128;
    q += 128;
  }
  let rest = i8x16.splat(0);
  while (row < end) {
    rest = i8x16.add(rest, i8x16.popcnt(differing(row, q, 0)));
    row += 16;
    q += 16;
  }
  const sum = i32x4.extadd_pairwise_i16x8_u(
    i16x8.add(total, i16x8.extadd_pairwise_i8x16_u(rest)),
  );
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) +
    (i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3))
  );
}

@inline
function differing(row: usize, query: usize, offset: usize): v128 {
  return v128.xor(v128.load(row + offset), v128.load(query + offset));
}

/** Bits that at least two of a, b and c have; `ab` is a ^ b. */
@inline
function carry(a: v128, b: v128, ab: v128, c: v128): v128 {
  return v128.or(v128.and(a, b), v128.and(ab, c));
}
