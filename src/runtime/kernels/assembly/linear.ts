/**
 * A linear layer of 7-bit weights and 8-bit activations, in tiles of four outputs and two tokens: eight
 * sums stay in registers while a group of inputs is read (with twelve, x86 runs out of registers).
 */
import { gelu4, geluTanh4 } from './gelu';
import { dot16, madd, sums } from './lanes';

/** What becomes of a product: nothing more, one of the two GELUs, or the addition of `residual`. */
const GELU = 1;
const RESIDUAL = 2;
const GELU_TANH = 3;

/**
 * Outputs `from` to `to` (multiples of 4) of `rows` tokens (an even number; a row beyond the real
 * ones is computed and of no meaning): out [rows, outputs] float32 (`stride` floats from row to
 * row) = codes · weightsᵀ, scaled, + bias.
 *
 * weights [outputs/4, inputs/16, 4, 16] uint8, 64 added, and weightScales
 * [outputs/4, inputs/group, 4] float32, as `interleave` makes them of four rows: memory is then read
 * in one stream, which the processor foresees. codes, scales and starts as `quantize` makes them.
 */
export function linear(
  from: i32,
  to: i32,
  out: usize,
  stride: i32,
  codes: usize,
  scales: usize,
  starts: usize,
  weights: usize,
  weightScales: usize,
  bias: usize,
  residual: usize,
  rows: i32,
  inputs: i32,
  group: i32,
  then: i32,
): void {
  const groups = inputs / group;
  const row = <usize>inputs;
  for (let n = from; n < to; n += 4) {
    const w0 = weights + <usize>n * row;
    const scalesOf4 = weightScales + ((<usize>n * <usize>groups) << 2);
    const bias4 = v128.load(bias + (<usize>n << 2));
    for (let m = 0; m < rows; m += 2) {
      const a0 = codes + <usize>m * row;
      const at0 = (<usize>m * <usize>groups) << 2;
      const at1 = at0 + (<usize>groups << 2);
      let y0 = bias4;
      let y1 = bias4;
      for (let g = 0; g < groups; g++) {
        const begin = <usize>g * <usize>group;
        const g4 = <usize>g << 2;
        let c00 = v128.load32_zero(starts + at0 + g4);
        let c10 = v128.load32_zero(starts + at1 + g4);
        let c01 = c00, c02 = c00, c03 = c00;
        let c11 = c10, c12 = c10, c13 = c10;
        let x = a0 + begin;
        let w = w0 + (begin << 2);
        const end = w + (<usize>group << 2);
        while (w < end) {
          const x0 = v128.load(x);
          const x1 = v128.load(x + row);
          let y = v128.load(w);
          c00 = dot16(x0, y, c00);
          c10 = dot16(x1, y, c10);
          y = v128.load(w, 16);
          c01 = dot16(x0, y, c01);
          c11 = dot16(x1, y, c11);
          y = v128.load(w, 32);
          c02 = dot16(x0, y, c02);
          c12 = dot16(x1, y, c12);
          y = v128.load(w, 48);
          c03 = dot16(x0, y, c03);
          c13 = dot16(x1, y, c13);
          x += 16;
          w += 64;
        }
        const scale4 = v128.load(scalesOf4 + (g4 << 2));
        y0 = scaled(y0, sums<i32>(c00, c01, c02, c03), scale4, scales + at0 + g4);
        y1 = scaled(y1, sums<i32>(c10, c11, c12, c13), scale4, scales + at1 + g4);
      }
      const place = (<usize>m * <usize>stride + <usize>n) << 2;
      const next = <usize>stride << 2;
      finish(out, residual, place, y0, then);
      finish(out, residual, place + next, y1, then);
    }
  }
}

@inline
function scaled(y: v128, sum: v128, weightScales: v128, scale: usize): v128 {
  return madd(f32x4.convert_i32x4_s(sum), f32x4.mul(weightScales, v128.load32_splat(scale)), y);
}

@inline
function finish(out: usize, residual: usize, place: usize, y: v128, then: i32): void {
  let result = y;
  if (then == GELU) result = gelu4(y);
  else if (then == GELU_TANH) result = geluTanh4(y);
  else if (then == RESIDUAL) result = f32x4.add(y, v128.load(residual + place));
  v128.store(out + place, result);
}
