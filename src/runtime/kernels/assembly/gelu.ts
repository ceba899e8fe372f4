/** GELU (Hendrycks & Gimpel 2016, arXiv 1606.08415) in both of its forms. */
import { exp4 } from './exp';
import { madd } from './lanes';

/**
 * x · Φ(x) with the error function of Abramowitz & Stegun 7.1.26 (absolute error at most 1.5e-7):
 * the exact form, which BERT has.
 */
@inline
export function gelu4(x: v128): v128 {
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(0.70710678));
  const t = f32x4.div(f32x4.splat(1), madd(z, f32x4.splat(0.3275911), f32x4.splat(1)));
  let p = f32x4.splat(1.061405429);
  p = madd(p, t, f32x4.splat(-1.453152027));
  p = madd(p, t, f32x4.splat(1.421413741));
  p = madd(p, t, f32x4.splat(-0.284496736));
  p = madd(p, t, f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(z, z))));
  // 1 + erf is 2 − tail right of zero, tail left of it.
  const twice = v128.bitselect(tail, f32x4.sub(f32x4.splat(2), tail), f32x4.lt(x, f32x4.splat(0)));
  return f32x4.mul(f32x4.mul(x, f32x4.splat(0.5)), twice);
}

/**
 * x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), the paper's approximation, which SigLIP has. The bracket
 * is twice a logistic function, so one exponential does.
 */
@inline
export function geluTanh4(x: v128): v128 {
  const cubic = madd(f32x4.mul(x, x), f32x4.splat(0.044715), f32x4.splat(1));
  // −2 · √(2/π)
  const z = f32x4.mul(f32x4.mul(x, f32x4.splat(-1.5957691)), cubic);
  return f32x4.div(x, f32x4.add(f32x4.splat(1), exp4(z)));
}
