/** What every float16 conversion must do, to the bit. */
import { describe, expect, test } from 'vitest';
import type { Float16Conversion } from '../float16';

const ALL = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
/** Finite and positive ones, ascending. */
const FINITE = 0x7c_00;

function isNan16(bits: number): boolean {
  return (bits & 0x7f_ff) > FINITE;
}

export function describeFloat16(name: string, { encode, decode }: Float16Conversion): void {
  describe(`float16 by ${name}`, () => {
    const decoded = new Float32Array(ALL.length);
    decode(ALL, decoded);
    const encodeOne = (value: number) => {
      const target = new Uint16Array(1);
      encode(Float32Array.of(value), target);
      return target[0] ?? -1;
    };

    test('decodes known numbers', () => {
      const known: [number, number][] = [
        [0x00_00, 0],
        [0x80_00, -0],
        [0x3c_00, 1],
        [0xc0_00, -2],
        [0x7b_ff, 65_504],
        [0x04_00, 2 ** -14],
        [0x03_ff, 1023 * 2 ** -24],
        [0x00_01, 2 ** -24],
        [0x35_55, 0.333251953125],
        [0x7c_00, Infinity],
        [0xfc_00, -Infinity],
        [0x7e_00, NaN],
      ];
      for (const [bits, value] of known) expect(decoded[bits]).toBe(value);
    });

    test('brings back all 65,536', () => {
      const encoded = new Uint16Array(ALL.length);
      encode(decoded, encoded);
      for (const bits of ALL) {
        const back = encoded[bits] ?? -1;
        if (isNan16(bits)) expect(isNan16(back)).toBe(true);
        else if (back !== bits) expect(back, `of ${bits}`).toBe(bits);
      }
    });

    test('rounds to the nearest, ties to even, between all neighbours', () => {
      // Behind the largest comes what would be 65,536: infinity.
      const values = Float64Array.from(decoded.subarray(0, FINITE + 1));
      values[FINITE] = 65_536;
      const wrong: string[] = [];
      for (let low = 0; low < FINITE; low++) {
        const tie = ((values[low] ?? 0) + (values[low + 1] ?? 0)) / 2;
        const cases: [number, number][] = [
          [tie, low % 2 === 0 ? low : low + 1],
          [below(tie), low],
          [above(tie), low + 1],
        ];
        for (const [value, expected] of cases) {
          if (encodeOne(value) !== expected) wrong.push(`${value}`);
          if (encodeOne(-value) !== (expected | 0x80_00)) wrong.push(`${-value}`);
        }
      }
      expect(wrong).toEqual([]);
    });

    test('takes numbers that are too large, too small or none', () => {
      expect([65_519.996, 65_520, 1e38, Infinity, -Infinity].map(encodeOne)).toEqual([
        0x7b_ff, 0x7c_00, 0x7c_00, 0x7c_00, 0xfc_00,
      ]);
      expect([2 ** -25, 2 ** -26, 1e-45, -1e-45, -0].map(encodeOne)).toEqual([
        0, 0, 0, 0x80_00, 0x80_00,
      ]);
      expect(isNan16(encodeOne(NaN))).toBe(true);
    });

    test('reads and writes parts of arrays', () => {
      const target = new Uint16Array(4).fill(7);
      encode(Float32Array.of(9, 1, -2, 9).subarray(1, 3), target.subarray(1, 3));
      expect([...target]).toEqual([7, 0x3c_00, 0xc0_00, 7]);
      const back = new Float32Array(4).fill(7);
      decode(target.subarray(1, 3), back.subarray(2));
      expect([...back]).toEqual([7, 7, 1, -2]);
    });
  });
}

/** The float32 just above a positive number that is one. */
function above(value: number): number {
  return shifted(value, 1);
}

/** The float32 just below. */
function below(value: number): number {
  return shifted(value, -1);
}

function shifted(value: number, places: number): number {
  const number = Float32Array.of(value);
  const bits = new Uint32Array(number.buffer);
  bits[0] = (bits[0] ?? 0) + places;
  return number[0] ?? 0;
}
