import { describe, expect, test } from 'vitest';
import { Turns } from '../../core/turns';
import type { MetaValue } from '../../protocol/store-contract';
import { decodeColumn, type ColumnShape } from './column';
import { GrowingColumn } from './growing-column';
import { never } from './test-workers/packed-fixture';

/** As it is read again: per row its value. */
async function roundTrip(
  column: GrowingColumn,
  rows: number,
): Promise<{ shape: ColumnShape; values: (MetaValue | undefined)[] }> {
  const { shape, parts } = await column.encode(new Turns(), never);
  const bytes = new Uint8Array(await new Blob([...parts]).arrayBuffer());
  const { codes, valueAt } = decodeColumn(bytes, shape, rows);
  const values = Array.from(codes, (code) => (code === 0 ? undefined : valueAt(code - 1)));
  return { shape, values };
}

describe('codes are as wide as the values ask for', () => {
  test.each([
    [255, 1],
    [256, 2],
    [65_535, 2],
    [65_536, 4],
  ] as const)('of %i values', async (count, width) => {
    const rows = count + 10;
    const column = new GrowingColumn(rows);
    const expected: MetaValue[] = [];
    for (let row = 0; row < rows; row++) {
      expected.push(row % count);
      column.add(row, row % count);
    }
    const { shape, values } = await roundTrip(column, rows);
    expect(shape).toMatchObject({ width, isSparse: false, present: rows, values: count });
    expect(values).toEqual(expected);
  });
});

test.each([1, 300])('rows that lack the field have no value, with %i values', async (count) => {
  const rows = 10_000;
  const column = new GrowingColumn(rows);
  const expected = Array.from({ length: rows }, (_, row) =>
    row % 9 === 4 ? `v${row % count}` : undefined,
  );
  expected.forEach((value, row) => {
    if (value !== undefined) column.add(row, value);
  });
  const { shape, values } = await roundTrip(column, rows);
  expect(shape.isSparse).toBe(true);
  expect(values).toEqual(expected);
});

test('a field of few values takes a byte a row, however many rows have it', () => {
  const rows = 2 ** 17;
  const column = new GrowingColumn(rows);
  for (let row = 0; row < rows; row++) column.add(row, row % 100);
  expect(column.bytes).toBeLessThan(rows + 100 * 100);
});
