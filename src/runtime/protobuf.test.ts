import { expect, test } from 'vitest';
import { encodeMessage } from './protobuf';

// The examples of protobuf.dev/programming-guides/encoding.
test.each([
  ['a varint of two bytes', [[1, 150]], [0x08, 0x96, 0x01]],
  ['a string', [[2, 'testing']], [0x12, 0x07, ...new TextEncoder().encode('testing')]],
  ['a message in a message', [[3, [[1, 150]]]], [0x1a, 0x03, 0x08, 0x96, 0x01]],
] as const)('%s', (_, fields, expected) => {
  expect([...encodeMessage(fields)]).toEqual(expected);
});

test('numbers at the borders of seven and of 32 bits', () => {
  const varint = (value: number): number[] => [...encodeMessage([[1, value]])].slice(1);
  expect(varint(0)).toEqual([0]);
  expect(varint(127)).toEqual([127]);
  expect(varint(128)).toEqual([128, 1]);
  expect(varint(2 ** 32)).toEqual([128, 128, 128, 128, 16]);
});

test('bytes, and a field whose number takes two bytes', () => {
  expect([...encodeMessage([[20, Uint8Array.of(1, 2)]])]).toEqual([0xa2, 0x01, 2, 1, 2]);
});
