import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bitset } from './bitset';

const LENGTH = 101;
const place = fc.integer({ min: 0, max: LENGTH });
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

test('counts its rows, and keeps those that another length has room for', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 2 * LENGTH }), (members, length) => {
      const bitset = bitsetOf(members);
      expect(bitset.count()).toBe(members.length);
      const first = Math.min(length, LENGTH);
      expect(bitset.count(first, 70)).toBe(rowsOf(bitset, first, 70).length);
      const other = bitset.resized(length);
      expect(other.length).toBe(length);
      expect(rowsOf(other)).toEqual(ascending(members.filter((row) => row < length)));
      expect(other.count()).toBe(rowsOf(other).length);
    }),
  );
});

test('is cut out of another one, and put into one', () => {
  fc.assert(
    fc.property(rows, place, place, place, (members, left, right, at) => {
      const [first, end] = [Math.min(left, right), Math.max(left, right)];
      const part = bitsetOf(members).slice(first, end);
      const expected = ascending(members)
        .filter((row) => row >= first && row < end)
        .map((row) => row - first);
      expect([part.length, rowsOf(part), part.count()]).toEqual([
        end - first,
        expected,
        expected.length,
      ]);
      const whole = new Bitset(3 * LENGTH);
      whole.add(0);
      whole.addAll(part, at);
      expect(rowsOf(whole)).toEqual([...new Set([0, ...expected.map((row) => at + row)])]);
    }),
  );
});

test.each([0, 1, 31, 32, 33, 101])('all of %i rows', (length) => {
  const all = Bitset.full(length);
  expect(rowsOf(all)).toEqual(Array.from({ length }, (_, row) => row));
  expect(all.count()).toBe(length);
});

test('rows with marked codes are those whose code is marked, of any width and length', () => {
  const widths = [Uint8Array, Uint16Array, Uint32Array] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1, 31, 32, 33, 70),
      fc.constantFrom(...widths),
      fc.array(fc.nat(5), { maxLength: 70 }),
      fc.uniqueArray(fc.nat(69)),
      fc.uniqueArray(fc.nat(5)),
      (length, Codes, codes, members, marked) => {
        const among = new Bitset(length);
        for (const row of members) if (row < length) among.add(row);
        const marks = new Uint8Array(6);
        for (const code of marked) marks[code] = 1;
        const found = among.withCodes(Codes.from(codes), marks);
        // Rows without a code have 0.
        const expected = rowsOf(among).filter((row) => marks[codes[row] ?? 0] === 1);
        expect([found.length, rowsOf(found)]).toEqual([length, expected]);
      },
    ),
  );
});
