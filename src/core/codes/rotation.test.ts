import { describe, expect, test } from 'vitest';
import { dotProduct } from '../dot-product';
import { lengthOf } from '../normalise';
import { failureOf } from '../test-workers/failure-of';
import { MAX_DIMENSION, Rotation } from './rotation';
import { gaussian } from './test-workers/gaussian';

const DIMENSIONS = [1, 2, 3, 16, 100, 384, 768, 1000, 1024];

describe.each(DIMENSIONS)('a rotation of %d numbers', (dimension) => {
  const rotation = new Rotation(dimension, 7);

  test('is orthonormal', () => {
    const axes = Array.from({ length: Math.min(dimension, 40) }, (_, index) => {
      const axis = new Float32Array(dimension);
      axis[Math.floor((index * dimension) / 40) % dimension] = 1;
      rotation.apply(axis);
      return axis;
    });
    axes.forEach((left, row) => {
      axes.forEach((right, column) => {
        const same = Math.floor((row * dimension) / 40) === Math.floor((column * dimension) / 40);
        expect(product(left, right)).toBeCloseTo(same ? 1 : 0, 5);
      });
    });
  });

  test('keeps lengths and dot products', () => {
    const random = gaussian(dimension);
    const [left, right] = [random(dimension), random(dimension)];
    const [rotatedLeft, rotatedRight] = [left.slice(), right.slice()];
    rotation.apply(rotatedLeft);
    rotation.apply(rotatedRight);
    expect(lengthOf(rotatedLeft) / lengthOf(left)).toBeCloseTo(1, 5);
    const scale = lengthOf(left) * lengthOf(right);
    expect(product(rotatedLeft, rotatedRight) / scale).toBeCloseTo(product(left, right) / scale, 5);
  });
});

describe('a rotation', () => {
  test('is settled by its seed, to the bit', () => {
    const bitsAfter = (dimension: number, seed: number) => {
      const vector = Float32Array.from({ length: dimension }, (_, index) => (index % 7) - 2.5);
      new Rotation(dimension, seed).apply(vector);
      return [...new Uint32Array(vector.buffer, 0, 4)];
    };
    expect(bitsAfter(1024, 1)).toEqual([3205300224, 1067417600, 1082081280, 1084039168]);
    expect(bitsAfter(384, 1)).toEqual([1069037567, 1078952448, 1080194046, 3214998529]);
    expect(bitsAfter(1000, -5)).toEqual([1059858439, 3223172663, 1071713492, 3215765863]);
    expect(bitsAfter(1024, 2)).not.toEqual(bitsAfter(1024, 1));
  });

  // Uneven numbers make a code worse. The mean fourth power tells how uneven they are: it is 3 for a
  // normal distribution of variance 1, and the dimension for a vector with one number alone.
  describe.each([384, 768, 1000, 1023, 1024, 1025, 1152])('of %d numbers', (dimension) => {
    const rotation = new Rotation(dimension, 3);
    const unevenness = (vectorOf: (trial: number) => Float32Array) => {
      let sum = 0;
      for (let trial = 0; trial < 100; trial++) {
        const vector = vectorOf(trial);
        rotation.apply(vector);
        const scale = dimension / lengthOf(vector) ** 2;
        for (const value of vector) sum += (value * value * scale) ** 2;
      }
      return sum / (100 * dimension);
    };

    test('spreads what lies in one over all', () => {
      const axis = (trial: number) => {
        const vector = new Float32Array(dimension);
        vector[Math.floor((trial * dimension) / 100)] = 1;
        return vector;
      };
      expect(unevenness(axis)).toBeLessThan(8);
    });

    test('spreads what lies at one end over both', () => {
      const random = gaussian(dimension);
      const quarter = () => {
        const vector = new Float32Array(dimension);
        vector.set(random(dimension >> 2));
        return vector;
      };
      expect(unevenness(quarter)).toBeLessThan(3.3);
    });
  });

  test('leaves zeros as they are, and takes the largest dimension', () => {
    const vector = new Float32Array(MAX_DIMENSION);
    new Rotation(MAX_DIMENSION, 1).apply(vector);
    expect(vector.every((value) => value === 0)).toBe(true);
  });

  test.each([0, -1, 1.5, NaN, MAX_DIMENSION + 1])('is not had for dimension %d', (dimension) => {
    expect(failureOf(() => new Rotation(dimension, 1))).toMatch(/^invalid-input: /);
  });

  test('refuses a vector of another dimension', () => {
    const rotation = new Rotation(3, 1);
    const failure = failureOf(() => {
      rotation.apply(new Float32Array(4));
    });
    expect(failure).toBe('dimension-mismatch: This rotation is for 3 numbers, got 4.');
  });
});

function product(left: Float32Array, right: Float32Array): number {
  return dotProduct(left, 0, right, 0, left.length);
}
