/** Activations to signed bytes: a scale for each token and each group of inputs. */
import { max4 } from './lanes';

/**
 * Rows `from` to `to` (exclusive) of x [rows, width] (`stride` floats from row to row) → codes
 * [rows, width] int8 in −127…127, scales [rows, width/group] float32, and what the sums of a group
 * begin with, [rows, width/group] int32: −64 · Σ codes, as weights are stored with 64 added.
 */
export function quantize(
  from: i32,
  to: i32,
  codes: usize,
  scales: usize,
  starts: usize,
  x: usize,
  width: i32,
  stride: i32,
  group: i32,
): void {
  const groups = width / group;
  for (let row = from; row < to; row++) {
    const source = x + ((<usize>row * <usize>stride) << 2);
    const target = codes + <usize>row * <usize>width;
    for (let g = 0; g < groups; g++) {
      const at = source + ((<usize>g * <usize>group) << 2);
      let most = f32x4.splat(0);
      for (let k: usize = 0; k < <usize>group << 2; k += 16) {
        most = f32x4.max(most, f32x4.abs(v128.load(at + k)));
      }
      const largest = max4(most);
      const scale: f32 = largest / 127;
      const inverse = f32x4.splat(largest > 0 ? <f32>127 / largest : 0);
      const out = target + <usize>g * <usize>group;
      let total = i32x4.splat(0);
      for (let k: usize = 0; k < <usize>group; k += 16) {
        const from4 = at + (k << 2);
        const a = whole(v128.load(from4), inverse);
        const b = whole(v128.load(from4, 16), inverse);
        const c = whole(v128.load(from4, 32), inverse);
        const d = whole(v128.load(from4, 48), inverse);
        total = i32x4.add(total, i32x4.add(i32x4.add(a, b), i32x4.add(c, d)));
        v128.store(
          out + k,
          i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)),
        );
      }
      const sum =
        i32x4.extract_lane(total, 0) + i32x4.extract_lane(total, 1) +
        i32x4.extract_lane(total, 2) + i32x4.extract_lane(total, 3);
      const index = (<usize>row * <usize>groups + <usize>g) << 2;
      store<f32>(scales + index, scale);
      store<i32>(starts + index, -64 * sum);
    }
  }
}

@inline
function whole(x: v128, inverse: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, inverse)));
}
