import { expect, test } from 'vitest';
import { cosine, ratios, rowFigures, type RowRun } from './models-figures.mjs';

const RUN: RowRun = {
  bytes: 600,
  readyMs: 5000,
  queryMs: [200, 210, 400],
  passageMs: [7000, 6000, 6500],
  peakMB: 1000,
  settledMB: 700,
};

test('takes the median of each run, and median and spread over runs', () => {
  const slower = { ...RUN, readyMs: 6000, queryMs: [230, 230], bytes: 602 };
  const figures = rowFigures([RUN, slower, RUN]);
  expect(figures.queryMs).toEqual({ median: 210, min: 210, max: 230, runs: 3 });
  expect(figures.queryP95Ms).toEqual({ median: 381, min: 230, max: 381, runs: 3 });
  expect(figures.passageMs).toMatchObject({ median: 6500 });
  expect(figures.readyMs).toMatchObject({ median: 5000, max: 6000 });
  expect(figures.bytes).toBe(602);
});

test('compares with the best of each figure', () => {
  const ours = rowFigures([RUN]);
  const quick = rowFigures([{ ...RUN, queryMs: [105], peakMB: 2000 }]);
  const small = rowFigures([{ ...RUN, queryMs: [420], peakMB: 500 }]);
  expect(ratios(ours, [quick, small])).toEqual({
    query: 2,
    passage: 1,
    ready: 1,
    peak: 2,
    settled: 1,
    bytes: 1,
  });
});

test('has no ratio of what was not measured', () => {
  const blind = rowFigures([{ ...RUN, peakMB: null, settledMB: null }]);
  expect(blind.peakMB).toBeNull();
  expect(ratios(rowFigures([RUN]), [blind])).toMatchObject({ peak: null, settled: null, query: 1 });
  expect(ratios(rowFigures([RUN]), [])).toMatchObject({ query: null });
});

test('compares directions, whatever the lengths', () => {
  expect(cosine([3, 4], [6, 8])).toBeCloseTo(1);
  expect(cosine([1, 0], [0, 2])).toBe(0);
});
