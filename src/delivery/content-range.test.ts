import { expect, test } from 'vitest';
import { parseContentRange, wholeNumber } from './content-range';

test.each([
  ['bytes 0-9/100', { start: 0, end: 10, total: 100 }],
  ['bytes 5-5/6', { start: 5, end: 6, total: 6 }],
  [' Bytes  0-9/* ', { start: 0, end: 10, total: null }],
  ['bytes */100', { start: null, end: null, total: 100 }],
  ['bytes 9-5/100', null],
  ['bytes 0-9', null],
  ['items 0-9/100', null],
  ['', null],
  [null, null],
])('%o', (header, expected) => {
  expect(parseContentRange(header)).toEqual(expected);
});

test.each([
  ['12', 12],
  [' 12 ', 12],
  ['0', 0],
  ['-1', null],
  ['1.5', null],
  ['1e3', null],
  ['99999999999999999999', null],
  ['', null],
  [null, null],
  [undefined, null],
])('whole number %o', (text, expected) => {
  expect(wholeNumber(text)).toBe(expected);
});
