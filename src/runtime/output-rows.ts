/** Outputs of a graph as checked rows. */
import { lengthOf } from '../core/normalise';
import { PhotoglotError } from '../errors';
import type { Rows } from '../protocol/rows';
import type { TensorOutput } from './tower-session';

/** Throws `session-failed` unless the output has that shape: else its rows would be read askew. */
export function checkShape({ dims }: TensorOutput, expected: readonly number[]): void {
  if (dims.length === expected.length && dims.every((size, axis) => size === expected[axis]))
    return;
  throw new PhotoglotError(
    'session-failed',
    `The model gave [${dims.join(', ')}], expected [${expected.join(', ')}].`,
  );
}

/** The cause of the error for numbers that are none. */
export class NotFinite extends RangeError {}

/** Throws `session-failed` for NaN or infinity, as a graph in half precision gives when it overflows. */
export function checkFinite(numbers: Float32Array): void {
  if (numbers.every(Number.isFinite)) return;
  throw new PhotoglotError(
    'session-failed',
    'The model gave numbers that are not finite. Try another "dtype" or "device".',
    { cause: new NotFinite('not finite') },
  );
}

/** The output as `[count, dim]`; throws `session-failed` if it has another shape. */
export function rowsOf(output: TensorOutput, count: number, dim: number): Rows {
  checkShape(output, [count, dim]);
  return { data: output.data, count, dim };
}

/**
 * The same rows at length 1, in place; a row of zeros stays. Some exports leave this to their users.
 * Throws `session-failed` for numbers that are not finite.
 */
export function unitRows(rows: Rows): Rows {
  const { data, count, dim } = rows;
  checkFinite(data);
  for (let row = 0; row < count; row++) {
    const vector = data.subarray(row * dim, (row + 1) * dim);
    const length = lengthOf(vector);
    if (length > 0) vector.forEach((value, index) => (vector[index] = value / length));
  }
  return rows;
}
