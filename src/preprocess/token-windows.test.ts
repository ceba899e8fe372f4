import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameTokens, tokenWindows } from './token-windows';
import { failureOf } from '../core/test-workers/failure-of';

const frame = { prefix: [0], suffix: [2] };
const none = { prefix: [], suffix: [] };
const content = (length: number): number[] => Array.from({ length }, (_, index) => 100 + index);

describe('a framed text', () => {
  test.each([
    [[7, 8], frame, 8192, [0, 7, 8, 2]],
    [[7, 8, 9], frame, 5, [0, 7, 8, 9, 2]],
    [[7, 8, 9], frame, 4, [0, 7, 8, 2]],
    [[7, 8, 9], frame, 2, [0, 2]],
    [[], frame, 4, [0, 2]],
    [[7, 8, 9], none, 2, [7, 8]],
    [[7, 8, 9], { prefix: [], suffix: [1, 2] }, 3, [7, 1, 2]],
  ])('%o in %o, at most %i, is %o', (tokens, around, maxTokens, expected) => {
    expect(frameTokens(tokens, around, maxTokens)).toEqual(expected);
  });
});

describe('windows', () => {
  test('of a text that fits are one', () => {
    expect(tokenWindows([7, 8], frame, 4, 1)).toEqual([{ ids: [0, 7, 8, 2], start: 0, end: 2 }]);
    expect(tokenWindows([], frame, 4, 1)).toEqual([{ ids: [0, 2], start: 0, end: 0 }]);
    expect(tokenWindows([], none, 4, 1)).toEqual([{ ids: [], start: 0, end: 0 }]);
  });

  test('end with the text, the last one moved back', () => {
    expect(tokenWindows([1, 2, 3, 4, 5, 6], frame, 6, 1)).toEqual([
      { ids: [0, 1, 2, 3, 4, 2], start: 0, end: 4 },
      { ids: [0, 3, 4, 5, 6, 2], start: 2, end: 6 },
    ]);
  });

  test('do not go on when one ends with the text', () => {
    const spans = tokenWindows(content(7), frame, 6, 1).map(({ start, end }) => [start, end]);
    expect(spans).toEqual([
      [0, 4],
      [3, 7],
    ]);
  });

  test('cover every token, are full, overlap enough, and are no more than needed', () => {
    const sizes = fc.record({ length: fc.nat(200), room: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(sizes, fc.nat(39), ({ length, room }, wish) => {
        const overlap = wish % room;
        const tokens = content(length);
        const windows = tokenWindows(tokens, frame, room + 2, overlap);
        expect(windows[0]?.start).toBe(0);
        expect(windows.at(-1)?.end).toBe(length);
        for (const { ids, start, end } of windows) {
          expect(ids).toEqual([0, ...tokens.slice(start, end), 2]);
          expect(end - start).toBe(Math.min(room, length));
        }
        windows.slice(1).forEach(({ start }, index) => {
          const before = windows[index];
          expect(start).toBeGreaterThan(before?.start ?? NaN);
          expect((before?.end ?? NaN) - start).toBeGreaterThanOrEqual(overlap);
        });
        const steps = Math.ceil(Math.max(0, length - room) / (room - overlap));
        expect(windows).toHaveLength(1 + steps);
      }),
    );
  });
});

describe('refused are', () => {
  test.each([
    [
      'a frame that does not fit',
      () => frameTokens([7], frame, 1),
      'invalid-input: The longest input must be an integer of at least the 2 special tokens; got 1.',
    ],
    ['no limit', () => frameTokens([7], frame, NaN), 'special tokens; got NaN.'],
    [
      'windows that would not move on',
      () => tokenWindows([7], frame, 6, 4),
      'invalid-input: The overlap must be an integer from 0 to 3, less than the 4 content tokens ' +
        'of a window; got 4.',
    ],
    ['a negative overlap', () => tokenWindows([7], frame, 6, -1), 'got -1.'],
    ['a window of special tokens only', () => tokenWindows([7], frame, 2, 0), 'got 0.'],
  ])('%s', (_, call, message) => {
    expect(failureOf(call)).toContain(message);
  });
});
