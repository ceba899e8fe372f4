import { expect, test } from 'vitest';
import { judge, latencyFigures } from './latency-figures.mjs';

test.each([
  { what: 'a quick query may take 30 ms more', rest: 10, indexing: 40, passed: true },
  { what: 'and no more', rest: 10, indexing: 40.1, passed: false },
  { what: 'a slow one half as long again', rest: 200, indexing: 300, passed: true },
  { what: 'and no longer', rest: 200, indexing: 301, passed: false },
  { what: 'no figure is no pass', rest: NaN, indexing: 10, passed: false },
])('$what', ({ rest, indexing, passed }) => {
  expect(judge(rest, indexing).passed).toBe(passed);
});

test('says by how much', () => {
  expect(judge(40, 50)).toEqual({ ratio: 1.25, addedMs: 10, limitMs: 70, passed: true });
});

const run = (rest: number, indexing: number, photos: number) => ({
  rest: { encode: [rest, rest, rest], search: [1, 1, 1] },
  indexing: {
    times: { encode: [indexing, indexing, indexing, indexing], search: [2, 2, 2, 2] },
    alone: { photos: 2 * photos, ms: 2000 },
    beside: { photos, ms: 2000 },
  },
});

test('takes the median over the runs, of the whole search for the verdict', () => {
  const figures = latencyFigures([run(10, 20, 8), run(12, 90, 6), run(11, 40, 7)]);
  expect(figures.encode.rest.p95).toMatchObject({ median: 11, min: 10, max: 12, runs: 3 });
  expect(figures.search.indexing.p95.median).toBe(42);
  expect(figures.verdict).toEqual(judge(12, 42));
  expect(figures.photosPerSecond.alone.median).toBe(7);
  expect(figures.photosPerSecond.beside).toMatchObject({ median: 3.5, min: 3, max: 4 });
  expect(figures.queries).toEqual([
    [3, 4],
    [3, 4],
    [3, 4],
  ]);
});

test('takes the slowest few of a run', () => {
  const times = Array.from({ length: 21 }, (_, index) => index);
  const { search } = latencyFigures([
    {
      rest: { encode: times, search: times.map(() => 0) },
      indexing: { ...run(1, 1, 1).indexing, times: { encode: times, search: times } },
    },
  ]);
  expect(search.rest.p50.median).toBe(10);
  expect(search.rest.p95.median).toBe(19);
  expect(search.indexing.p95.median).toBe(38);
});
