import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bitset } from './bitset';

const LENGTH = 101;
const rows = fc.uniqueArray(fc.integer({ min: 0, max: LENGTH - 1 }));

function bitsetOf(members: readonly number[]): Bitset {
  const bitset = new Bitset(LENGTH);
  for (const row of members) bitset.add(row);
  return bitset;
}

function rowsOf(bitset: Bitset, first?: number, end?: number): number[] {
  const found: number[] = [];
  bitset.forEach((row) => found.push(row), first, end);
  return found;
}

function ascending(members: readonly number[]): number[] {
  return [...members].sort((left, right) => left - right);
}

test('has what was added, and visits it in order', () => {
  fc.assert(
    fc.property(rows, (members) => {
      const bitset = bitsetOf(members);
      expect(rowsOf(bitset)).toEqual(ascending(members));
      for (let row = 0; row < LENGTH; row++) expect(bitset.has(row)).toBe(members.includes(row));
    }),
  );
});

test('a difference is that of sets, and changes neither side', () => {
  fc.assert(
    fc.property(rows, rows, (left, right) => {
      const [one, other] = [bitsetOf(left), bitsetOf(right)];
      expect(rowsOf(one.difference(other))).toEqual(
        ascending(left.filter((row) => !right.includes(row))),
      );
      expect([rowsOf(one), rowsOf(other)]).toEqual([ascending(left), ascending(right)]);
    }),
  );
});

test('visits a part, wherever it begins and ends', () => {
  const bound = fc.integer({ min: 0, max: LENGTH + 40 });
  fc.assert(
    fc.property(rows, bound, bound, (members, first, end) => {
      const expected = ascending(members).filter((row) => row >= first && row < end);
      expect(rowsOf(bitsetOf(members), first, end)).toEqual(expected);
    }),
  );
});

test.each([0, 1, 31, 32, 33, 64])('of length %i', (length) => {
  const full = new Bitset(length);
  for (let row = 0; row < length; row++) full.add(row);
  expect(rowsOf(full)).toEqual(Array.from({ length }, (_, row) => row));
  expect(rowsOf(full.difference(full))).toEqual([]);
});

test('has eight rows in a byte, the first in its lowest bit', () => {
  const bitset = new Bitset(37);
  for (const row of [0, 9, 31, 32, 36]) bitset.add(row);
  expect([...bitset.bytes]).toEqual([0b1, 0b10, 0, 0b1000_0000, 0b1_0001]);
});
