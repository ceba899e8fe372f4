import { expect, test } from 'vitest';
import {
  canMeasureMemory,
  descendants,
  parseParent,
  parsePss,
  parseRunningGroup,
  treePss,
} from './memory.mjs';

test('reads PSS in bytes, and nothing of a process that is gone', () => {
  const text =
    '5581-7ffd ---p 00000000 00:00 0 [rollup]\nRss:   900 kB\nPss:   12 kB\nPss_Dirty: 3 kB\n';
  expect(parsePss(text)).toBe(12 * 1024);
  expect(parsePss('')).toBe(0);
});

test('reads the parent whatever the process is called', () => {
  expect(parseParent('42 (a) R 1 (b) S 7 42 42 0')).toBe(7);
  expect(parseParent('')).toBeNaN();
});

test('reads the group of a process that runs', () => {
  expect(parseRunningGroup('42 (a) R 1 (b) S 7 40 42 0')).toBe(40);
  expect(parseRunningGroup('42 (a) Z 7 40 42 0')).toBeNull();
  expect(parseRunningGroup('')).toBeNull();
});

test('finds all processes below one', () => {
  const parents = new Map([
    [1, 0],
    [5, 4],
    [3, 2],
    [2, 1],
    [4, 3],
    [9, 8],
  ]);
  expect(descendants(2, parents).sort()).toEqual([2, 3, 4, 5]);
});

test.runIf(canMeasureMemory)('measures this very process', async () => {
  expect(await treePss(process.pid)).toBeGreaterThan(10e6);
});
