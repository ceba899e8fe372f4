/** Weights as they are stored → as `linear` reads them. */

/**
 * Four rows at a time, in place: [outputs, inputs] uint8 → [outputs/4, inputs/16, 4, 16], and their
 * scales [outputs, groups] float32 → [outputs/4, groups, 4]. `scratch` has room for four rows.
 */
export function interleave(
  from: i32,
  to: i32,
  weights: usize,
  scales: usize,
  scratch: usize,
  inputs: i32,
  groups: i32,
): void {
  const row = <usize>inputs;
  const scaleRow = <usize>groups << 2;
  for (let n = from; n < to; n += 4) {
    let to16 = weights + <usize>n * row;
    memory.copy(scratch, to16, 4 * row);
    for (let k: usize = 0; k < row; k += 16) {
      for (let r: usize = 0; r < 4; r++) v128.store(to16 + (r << 4), v128.load(scratch + r * row + k));
      to16 += 64;
    }
    let to4 = scales + <usize>n * scaleRow;
    memory.copy(scratch, to4, 4 * scaleRow);
    for (let g: usize = 0; g < scaleRow; g += 4) {
      for (let r: usize = 0; r < 4; r++) store<f32>(to4 + (r << 2), load<f32>(scratch + r * scaleRow + g));
      to4 += 16;
    }
  }
}
