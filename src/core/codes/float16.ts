/**
 * Float32 to float16 and back, many numbers at a time. Float16 is IEEE 754 binary16, as its bits in a
 * Uint16Array; rounded to the nearest, ties to the even one.
 *
 * `Float16Array` does it where the engine has it; the conversion of our own gives the same bits, but
 * for those of NaN, which no engine promises.
 */
import { PhotoglotError } from '../../errors';

/** What is used of `Float16Array` (ES2025, later than the language of these types). */
type Float16ArrayConstructor = new (
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
) => ArrayLike<number> & { set: (source: ArrayLike<number>) => void };

/** Both directions, between arrays of the same length. */
export interface Float16Conversion {
  readonly encode: (source: Float32Array, target: Uint16Array) => void;
  readonly decode: (source: Uint16Array, target: Float32Array) => void;
}

/** The conversion of our own. */
export const ownFloat16: Float16Conversion = { encode: encodeByBits, decode: decodeByTable };

/** The engine's conversion; null where it has none. */
export const engineFloat16: Float16Conversion | null = probeEngine();

const fastest = engineFloat16 ?? ownFloat16;

/** `source` as float16. What is too large becomes infinite. */
export function encodeFloat16(source: Float32Array): Uint16Array<ArrayBuffer> {
  const target = new Uint16Array(source.length);
  fastest.encode(source, target);
  return target;
}

/** Writes the float16 numbers `source` into the first places of `target`. Throws `dimension-mismatch`. */
export function decodeFloat16(source: Uint16Array, target: Float32Array): void {
  if (target.length < source.length) {
    throw new PhotoglotError(
      'dimension-mismatch',
      `${source.length} float16 numbers need as much room, got ${target.length}.`,
    );
  }
  fastest.decode(source, target.subarray(0, source.length));
}

function probeEngine(): Float16Conversion | null {
  const Float16Array = (globalThis as { Float16Array?: Float16ArrayConstructor }).Float16Array;
  if (Float16Array === undefined) return null;
  const view = ({ buffer, byteOffset, length }: Uint16Array) =>
    new Float16Array(buffer, byteOffset, length);
  return {
    encode: (source, target) => {
      view(target).set(source);
    },
    decode: (source, target) => {
      target.set(view(source));
    },
  };
}

/** From 65,520 on a number is nearer to 2¹⁶ than to the largest float16: infinity. */
const OVERFLOW = 0x47_7f_f0_00;
const INFINITY32 = 0x7f_80_00_00;
const INFINITY16 = 0x7c_00;
const NAN16 = 0x7e_00;
/** 2⁻¹⁴: what is smaller is subnormal. */
const SMALLEST_NORMAL = 0x38_80_00_00;
/** What the exponents' biases, 127 and 15, differ by. */
const BIAS = (127 - 15) << 23;
const HALF = 0x3f_00_00_00;

function encodeByBits(source: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  const scratch = new Float32Array(1);
  const scratchBits = new Uint32Array(scratch.buffer);
  for (let index = 0; index < bits.length; index++) {
    const all = bits[index] ?? 0;
    const size = all & 0x7f_ff_ff_ff;
    let half;
    if (size >= OVERFLOW) {
      half = size > INFINITY32 ? NAN16 : INFINITY16;
    } else if (size >= SMALLEST_NORMAL) {
      // Just less than half of the last place is added, and the rest if the place is odd.
      half = (size - BIAS + 0xf_ff + ((size >>> 13) & 1)) >>> 13;
    } else {
      // The last place of numbers from 0.5 to 1 is 2⁻²⁴, that of subnormal float16. The sum is exact
      // in float64 where it matters, so that it is rounded once.
      scratch[0] = Math.abs(source[index] ?? 0) + 0.5;
      half = (scratchBits[0] ?? 0) - HALF;
    }
    target[index] = ((all >>> 16) & 0x80_00) | half;
  }
}

let table: Float32Array | undefined;

function decodeByTable(source: Uint16Array, target: Float32Array): void {
  // 256 KB, made when it is needed first.
  table ??= Float32Array.from({ length: 65_536 }, (_, bits) => valueOf(bits));
  for (let index = 0; index < source.length; index++) {
    target[index] = table[source[index] ?? 0] ?? 0;
  }
}

function valueOf(bits: number): number {
  const sign = bits & 0x80_00 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3_ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
