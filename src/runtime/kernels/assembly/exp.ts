/**
 * e^x of four numbers: reduction to |r| ≤ ln 2 / 2 and a polynomial (the coefficients of Cephes'
 * expf, S. L. Moshier); relative error about 1e-7. Below −87 it is 0, as float32 has nothing there.
 */
import { madd } from './lanes';

const LOWEST: f32 = -87.0;
const HIGHEST: f32 = 88.0;
const LOG2_E: f32 = 1.44269504;
// ln 2 in two parts, so that n · ln 2 is subtracted without loss.
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

@inline
export function exp4(given: v128): v128 {
  const x = f32x4.min(f32x4.max(given, f32x4.splat(LOWEST)), f32x4.splat(HIGHEST));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E)));
  let r = madd(n, f32x4.splat(-LN2_HIGH), x);
  r = madd(n, f32x4.splat(-LN2_LOW), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  const e = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  // 2^n by its exponent bits.
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(e, power), f32x4.ge(given, f32x4.splat(LOWEST)));
}
