import { expect, test } from 'vitest';
import { partsOf } from './thread-pool';

test.each([
  [12, 4, 2],
  [3072, 4, 3],
  [5, 4, 2],
  [16, 1, 5],
  [1, 1, 4],
])('%i in units of %i for %i threads: no gap, no overlap, whole units', (total, unit, count) => {
  const parts = partsOf(total, unit, count);
  expect(parts).toHaveLength(count);
  expect(parts[0]?.[0]).toBe(0);
  expect(parts.at(-1)?.[1]).toBe(total);
  parts.forEach(([from, to], index) => {
    expect(from % unit).toBe(0);
    expect(to).toBe(parts[index + 1]?.[0] ?? total);
    // Even: no thread has more than one unit more than another.
    expect(to - from).toBeLessThanOrEqual((Math.ceil(total / unit / count) + 1) * unit);
  });
});
