import { expect, test } from 'vitest';
import { byteRange } from './byte-range.mjs';

test.each([
  ['bytes=0-9', { start: 0, end: 9 }],
  ['bytes=10-', { start: 10, end: 99 }],
  ['bytes=90-200', { start: 90, end: 99 }],
  ['bytes=99-99', { start: 99, end: 99 }],
])('%s is a part', (header, part) => {
  expect(byteRange(header, 100)).toEqual(part);
});

test.each([undefined, '', 'bytes=-10', 'bytes=9-8', 'bytes=0-1,5-6', 'bytes=a-b', 'lines=0-9'])(
  '%s is all of the file',
  (header) => {
    expect(byteRange(header, 100)).toBeNull();
  },
);

test.each([
  ['bytes=100-', 100],
  ['bytes=500-600', 100],
  ['bytes=0-', 0],
])('%s begins beyond %i bytes', (header, size) => {
  expect(byteRange(header, size)).toBe('beyond');
});
