import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each([
  ['0', 0],
  ['120', 120_000],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
  // It is later than that already.
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['soon', null],
  ['-5', null],
  ['1.5', null],
  ['', null],
  [null, null],
])('%o', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});
