/** Layer normalisation (Ba et al. 2016, arXiv 1607.06450). */
import { madd, sum4 } from './lanes';

/** Rows `from` to `to` of x [rows, width] float32 → out, which may be x; width is a multiple of 4. */
export function norm(
  from: i32,
  to: i32,
  out: usize,
  x: usize,
  scale: usize,
  shift: usize,
  width: i32,
  eps: f32,
): void {
  const size = <usize>width << 2;
  for (let row = from; row < to; row++) {
    const at = x + <usize>row * size;
    const target = out + <usize>row * size;
    let total = f32x4.splat(0);
    for (let k: usize = 0; k < size; k += 16) total = f32x4.add(total, v128.load(at + k));
    const mean = f32x4.splat(sum4(total) / <f32>width);
    let squares = f32x4.splat(0);
    for (let k: usize = 0; k < size; k += 16) {
      const off = f32x4.sub(v128.load(at + k), mean);
      squares = madd(off, off, squares);
    }
    const factor = f32x4.splat(<f32>1 / sqrt<f32>(sum4(squares) / <f32>width + eps));
    for (let k: usize = 0; k < size; k += 16) {
      const unit = f32x4.mul(f32x4.sub(v128.load(at + k), mean), factor);
      v128.store(target + k, madd(unit, v128.load(scale + k), v128.load(shift + k)));
    }
  }
}
