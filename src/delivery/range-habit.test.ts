import { expect, test } from 'vitest';
import type { AnswerHead } from './range-answer';
import { RangeHabit } from './range-habit';

const WHOLE: AnswerHead = {
  url: 'https://a.example/f',
  isWhole: true,
  start: 0,
  promisedEnd: null,
  askedEnd: null,
  total: null,
  length: 100,
  isCompressed: false,
  etag: null,
  lastModified: null,
};

test('a silent host is asked for all and for parts in turn', () => {
  const habit = new RangeHabit();
  const asked = Array.from({ length: 4 }, () => {
    const { asksWhole } = habit;
    habit.silent();
    return asksWhole;
  });
  expect(asked).toEqual([false, true, false, true]);
  habit.answeredPart();
  expect(habit.asksWhole).toBe(false);
});

test.each<[string, Partial<AnswerHead>, number | null, boolean, number?]>([
  ['it is compressed', { isCompressed: true }, 100, true],
  ['it is not', {}, 100, false],
  ['it may be: its length is another', { isCompressed: null, length: 40 }, 100, true],
  ['it may be: its length is hidden', { isCompressed: null, length: null }, 100, true],
  ['it cannot be: its length is the same', { isCompressed: null }, 100, false],
  ['nobody knows, and nothing is there', { isCompressed: null }, null, true],
  ['nobody knows, but something is there', { isCompressed: null }, null, false, 10],
  ['it is compressed, though something is there', { isCompressed: true }, null, true, 10],
])('the whole file is taken, or not, when %s', (_, change, size, expected, position = 0) => {
  const habit = new RangeHabit();
  expect(habit.takesWhole({ ...WHOLE, ...change }, size, position)).toBe(expected);
  expect(habit.asksWhole).toBe(expected);
  habit.reset();
  expect(habit.asksWhole).toBe(false);
});

test('it is taken from a host that is silent about parts for long', () => {
  const habit = new RangeHabit();
  for (let index = 0; index < 5; index++) habit.silent();
  expect(habit.takesWhole(WHOLE, 100, 0)).toBe(true);
  expect(habit.takesWhole({ ...WHOLE, isCompressed: null }, null, 10)).toBe(true);
});
