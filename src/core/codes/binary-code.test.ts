import { describe, expect, test } from 'vitest';
import { dotProduct } from '../dot-product';
import { normalise } from '../normalise';
import { failureOf } from '../test-workers/failure-of';
import { BinaryCoder, type BinaryCodes, codeBits, codeBytes } from './binary-code';
import { closeScore, hammingDistance, roughScore } from './binary-score';
import { Rotation } from './rotation';
import { gaussian } from './test-workers/gaussian';

const DIMENSIONS = [1, 3, 384, 1000, 1024, 1025, 1152];

function room(rows: number, dimension: number): BinaryCodes {
  return {
    bits: new Uint8Array(rows * codeBytes(dimension)),
    offsets: new Float32Array(rows),
    factors: new Float32Array(rows),
  };
}

function product(left: Float32Array, right: Float32Array): number {
  return dotProduct(left, 0, right, 0, left.length);
}

test('a code has 1,024 bits at least, in whole 128-bit words', () => {
  const dimensions = [1, 384, 1024, 1025, 1152, 65_536];
  expect(dimensions.map(codeBits)).toEqual([1024, 1024, 1024, 1025, 1152, 65_536]);
  expect(dimensions.map(codeBytes)).toEqual([128, 128, 128, 144, 144, 8192]);
});

describe.each(DIMENSIONS)('a code of %d numbers', (dimension) => {
  const bits = codeBits(dimension);
  const random = gaussian(dimension);
  const mean = random(dimension);
  const coder = new BinaryCoder(mean, 1);

  test('has the layout that is documented', () => {
    const codes = room(3, dimension);
    codes.bits.fill(0xff);
    const row = random(dimension);
    coder.encodeRow(row, codes, 1);
    const rotated = new Float32Array(bits);
    rotated.set(row.map((value, index) => value - (mean[index] ?? 0)));
    const squares = product(rotated, rotated);
    new Rotation(bits, 1).apply(rotated);
    const bytes = codeBytes(dimension);
    for (let index = 0; index < 8 * bytes; index++) {
      const bit = ((codes.bits[bytes + (index >> 3)] ?? 0) >> (index & 7)) & 1;
      expect(bit, `bit ${index}`).toBe((rotated[index] ?? -1) >= 0 ? 1 : 0);
    }
    expect(codes.bits.subarray(0, bytes).every((byte) => byte === 0xff)).toBe(true);
    expect(codes.bits.subarray(2 * bytes).every((byte) => byte === 0xff)).toBe(true);
    const sum = rotated.reduce((total, value) => total + Math.abs(value), 0);
    expect(codes.factors[1]).toBeCloseTo(squares / sum, 4);
    expect(codes.offsets[1]).toBe(Math.fround(product(row.map(minus(mean)), mean)));
    expect([codes.offsets[0], codes.factors[2]]).toEqual([0, 0]);
  });

  test('of a query is made like that of a row', () => {
    const codes = room(1, dimension);
    const vector = random(dimension);
    coder.encodeRow(vector, codes, 0);
    const query = coder.encodeQuery(vector);
    expect(query.bits).toEqual(codes.bits);
    expect(hammingDistance(codes, 0, query)).toBe(0);
    expect(query.base).toBe(Math.fround(product(vector, mean)));
    expect(query.weights.length).toBe(8 * query.bits.length);
    expect(query.weights.subarray(bits).every((weight) => weight === 0)).toBe(true);
    const sum = query.weights.reduce((total, weight) => total + Math.abs(weight), 0);
    expect(query.step).toBeCloseTo(((Math.PI / 2) * sum) / bits, 5);
  });

  test('tells the dot product of a vector with itself', () => {
    const codes = room(1, dimension);
    const vector = random(dimension);
    coder.encodeRow(vector, codes, 0);
    const exact = product(vector, vector);
    expect(closeScore(codes, 0, coder.encodeQuery(vector)) / exact).toBeCloseTo(1, 4);
  });

  test('of the opposite differs in all bits but those of zeros', () => {
    const codes = room(1, dimension);
    const vector = random(dimension);
    coder.encodeRow(vector, codes, 0);
    const opposite = coder.encodeQuery(
      vector.map((value, index) => 2 * (mean[index] ?? 0) - value),
    );
    const zeros = opposite.weights.subarray(0, bits).filter((weight) => weight === 0).length;
    expect(hammingDistance(codes, 0, opposite)).toBe(bits - zeros);
  });

  test('of the mean is exact', () => {
    const codes = room(1, dimension);
    coder.encodeRow(mean, codes, 0);
    expect([codes.offsets[0], codes.factors[0]]).toEqual([0, 0]);
    const query = random(dimension);
    expect(closeScore(codes, 0, coder.encodeQuery(query))).toBe(Math.fround(product(query, mean)));
  });
});

describe('estimates', () => {
  const MANY = 400;

  /** Errors of both passes for one pair of unit vectors, with one rotation after the other. */
  function errors(dimension: number): { close: number[]; rough: number[] } {
    const random = gaussian(5);
    const unit = () => normalise(random(dimension)) ?? new Float32Array(dimension);
    const [mean, row, query] = [new Float32Array(dimension), unit(), unit()];
    const exact = product(row, query);
    const codes = room(1, dimension);
    const [close, rough]: [number[], number[]] = [[], []];
    for (let seed = 0; seed < MANY; seed++) {
      const coder = new BinaryCoder(mean, seed);
      coder.encodeRow(row, codes, 0);
      const encoded = coder.encodeQuery(query);
      close.push(closeScore(codes, 0, encoded) - exact);
      rough.push(roughScore(codes, 0, encoded, coder.bits) - exact);
    }
    return { close, rough };
  }

  const meanOf = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviationOf = (values: number[]) => Math.sqrt(meanOf(values.map((value) => value * value)));

  // For vectors nearly at right angles the bits of a code err independently: the second pass by
  // √(π/2 − 1) each, the first by √(π²/4 − 1).
  test.each([384, 1000, 1152])(
    'of %d numbers are off by what theory says, to no side',
    (dimension) => {
      const { close, rough } = errors(dimension);
      const bits = codeBits(dimension);
      const expected = {
        close: Math.sqrt((Math.PI / 2 - 1) / bits),
        rough: Math.sqrt((Math.PI ** 2 / 4 - 1) / bits),
      };
      for (const [found, theory] of [
        [close, expected.close],
        [rough, expected.rough],
      ] as const) {
        expect(deviationOf(found) / theory).toBeGreaterThan(0.85);
        expect(deviationOf(found) / theory).toBeLessThan(1.15);
        expect(Math.abs(meanOf(found))).toBeLessThan((4 * theory) / Math.sqrt(MANY));
      }
    },
  );

  test('are the better the nearer to the mean the vectors are', () => {
    const random = gaussian(8);
    const mean = random(384);
    const near = () => mean.map((value, index) => value + 0.01 * (noise[index] ?? 0));
    let noise = random(384);
    const row = near();
    noise = random(384);
    const query = near();
    const codes = room(1, 384);
    const coder = new BinaryCoder(mean, 1);
    coder.encodeRow(row, codes, 0);
    const exact = product(row, query);
    expect(closeScore(codes, 0, coder.encodeQuery(query)) / exact).toBeCloseTo(1, 5);
  });
});

describe('refused are', () => {
  const coder = new BinaryCoder(Float32Array.of(1, 2, 3), 1);

  test.each([[[1, 2]], [[1, 2, 3, 4]]])('vectors of another dimension: %j', (numbers) => {
    const vector = Float32Array.from(numbers);
    expect(failureOf(() => coder.encodeQuery(vector))).toMatch(/^dimension-mismatch: .* 3 .* got/);
    const failure = failureOf(() => {
      coder.encodeRow(vector, room(1, 3), 0);
    });
    expect(failure).toMatch(/^dimension-mismatch: /);
  });

  test.each([NaN, Infinity, -Infinity, 3e38])(
    'vectors with %d, and nothing is written',
    (value) => {
      const vector = Float32Array.of(1, value, 3);
      expect(failureOf(() => coder.encodeQuery(vector))).toMatch(/^invalid-input: /);
      const codes = room(1, 3);
      const failure = failureOf(() => {
        coder.encodeRow(vector, codes, 0);
      });
      expect(failure).toMatch(/^invalid-input: /);
      expect(codes).toEqual(room(1, 3));
    },
  );

  test('a mean of no numbers', () => {
    // The rotation would have 1,024 all the same.
    expect(failureOf(() => new BinaryCoder(new Float32Array(0), 1))).toMatch(/^invalid-input: /);
  });
});

function minus(mean: Float32Array): (value: number, index: number) => number {
  return (value, index) => value - (mean[index] ?? 0);
}
