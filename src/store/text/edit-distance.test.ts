import { expect, test } from 'vitest';
import { editDistance } from './edit-distance';

test.each([
  ['beach', 'beach', 0],
  ['beach', 'beech', 1],
  ['beach', 'beahc', 1],
  ['beach', 'each', 1],
  ['beach', 'beaches', 2],
  ['ca', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('%s and %s', (left, right, distance) => {
  expect(editDistance(left, right, 3)).toBe(distance);
  expect(editDistance(right, left, 3)).toBe(distance);
  expect(editDistance(left, right, 1)).toBe(Math.min(distance, 2));
});
