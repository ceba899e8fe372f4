import { describe, expect, it } from 'vitest';
import { indexAfterKey } from './roving';

/** Three rows: 0–3, 4–7, 8–9. */
const SHAPE = { columns: 4, count: 10 };

describe('indexAfterKey', () => {
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 4, 3],
    ['ArrowDown', 1, 5],
    ['ArrowUp', 5, 1],
    ['ArrowDown', 7, 9],
    ['Home', 6, 0],
    ['End', 0, 9],
  ])('%s leads from %i to %i', (key, from, to) => {
    expect(indexAfterKey(key, from, SHAPE)).toBe(to);
  });

  it.each([
    ['ArrowLeft', 0],
    ['ArrowRight', 9],
    ['ArrowUp', 2],
    ['ArrowDown', 8],
    ['End', 9],
    ['Tab', 5],
    ['a', 5],
  ])('%s leads nowhere from %i', (key, from) => {
    expect(indexAfterKey(key, from, SHAPE)).toBeNull();
  });
});
