import { expect, test } from 'vitest';
import { hashId } from './id-hash';
import { IdIndex, sortIds } from './id-index';

test.each([
  // By another implementation, in Python.
  ['', 0],
  ['a', 0x3c_25_69_b2],
  ['aa', 0x37_10_91_a9],
  ['aaa', 0xb4_d0_5f_b7],
  ['aaaa', 0x7e_ee_d9_87],
  ['The quick brown fox jumps over the lazy dog', 0x2e_4f_f7_23],
])('the hash of "%s" is that of MurmurHash3', (id, hash) => {
  expect(hashId(id)).toBe(hash);
});

test('finds all rows of a hash, ascending, and none of another', () => {
  const hashes = Uint32Array.of(7, 0xff_ff_ff_ff, 0, 7, 9, 7, 0);
  const index = new IdIndex(sortIds(hashes));
  const found = [0, 7, 9, 0xff_ff_ff_ff, 8, 1].map((hash) => [...index.rowsOf(hash)]);
  expect(found).toEqual([[2, 6], [0, 3, 5], [4], [1], [], []]);
  expect([...new IdIndex(sortIds(new Uint32Array())).rowsOf(0)]).toEqual([]);
});

test('columns that are none are refused', () => {
  const rows = Uint32Array.of(0, 1);
  expect(() => new IdIndex({ hashes: Uint32Array.of(2, 1), rows })).toThrow('in order');
  const hashes = Uint32Array.of(1, 2);
  expect(() => new IdIndex({ hashes, rows: Uint32Array.of(0, 2) })).toThrow('in order');
});
