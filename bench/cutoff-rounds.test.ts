import { expect, test } from 'vitest';
import { figuresOf, roundsOf } from './cutoff-rounds.mjs';

const classes = Array.from({ length: 20 }, (_, index) => ({
  text: `t${index}`,
  picture: `p${index}`,
}));

test.each([
  ['two of five', 8],
  ['one of five', 4],
] as const)('%s: all have their turn equally often', (share, count) => {
  const rounds = roundsOf(classes, share);
  const turns = new Map(classes.map(({ text }) => [text, 0]));
  for (const { absent, present } of rounds) {
    expect([absent.length, present.length]).toEqual([count, 20 - count]);
    for (const { text } of absent) turns.set(text, (turns.get(text) ?? 0) + 1);
  }
  expect(new Set(turns.values())).toEqual(new Set([count / 4]));
});

test('what answers come to', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((text) => ({ text, picture: text }));
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error();
  const many = ['1', '2', '3', '4'];
  const far = Array.from({ length: 10 }, (_, index) => String(index));
  const figures = figuresOf(
    [
      [a, { hits: [], ranked: many }],
      [b, { hits: many.slice(1), ranked: many }],
      [c, { hits: many, ranked: many }],
      [d, { hits: many, ranked: many }],
    ],
    [
      [a, { hits: ['a', 'b'], ranked: ['a', 'b', 'c'] }],
      [b, { hits: ['a'], ranked: ['a', 'b', 'c'] }],
      [c, { hits: [], ranked: [...far, 'c'] }],
    ],
  );
  expect(figures).toEqual({
    ...{ absent: 4, fewShare: 0.5, noneShare: 0.25 },
    ...{ present: 3, ranked: 2, keptShare: 0.5, hits: 1 },
  });
});
