import { expect, test } from 'vitest';
import { drawPanels, ticks } from './growth-plot.mjs';

test('an axis goes from the tick below to the tick above', () => {
  expect(ticks([10_000, 1_000_000])).toEqual([10_000, 30_000, 100_000, 300_000, 1_000_000]);
  expect(ticks([0.4, 12])).toEqual([0.3, 1, 3, 10, 30]);
});

test('an axis for one value has two ends', () => {
  expect(ticks([2])).toEqual([1, 3]);
});

test('lines go from place to place, and what is larger lies higher', () => {
  const svg = drawPanels('growth', [
    {
      title: 'ms',
      lines: [
        {
          name: 'one & only',
          points: [
            [10, 1],
            [100, 10],
          ],
        },
      ],
    },
  ]);
  const [, path = ''] = /<path class="c0" d="([^"]+)"/.exec(svg) ?? [];
  const [first, last] = path
    .slice(1)
    .split('L')
    .map((place) => place.split(' ').map(Number));
  expect(last?.[0]).toBeGreaterThan(first?.[0] ?? Infinity);
  expect(last?.[1]).toBeLessThan(first?.[1] ?? -Infinity);
  expect(svg).toContain('one &amp; only');
});

test('names at the ends of lines do not lie on each other', () => {
  const points = [[10, 5] as const, [100, 50] as const];
  const lines = ['a', 'b'].map((name) => ({ name, points }));
  const svg = drawPanels('growth', [{ title: 'ms', lines }]);
  const heights = ['a', 'b'].map((name) =>
    Number(new RegExp(`y="([\\d.]+)">${name}</text>`).exec(svg)?.[1]),
  );
  expect(Math.abs((heights[0] ?? 0) - (heights[1] ?? 0))).toBeGreaterThanOrEqual(12);
});
