import { describe, expect, test } from 'vitest';
import { filterFigures, ratios, recallOf, sideFigures, type SideRun } from './search-figures.mjs';

const RUN: SideRun = {
  buildMs: 100,
  saveMs: 20,
  buildPeakMB: 50,
  openMs: 30,
  ms: [1, 2, 3],
  recall: 1,
  openPeakMB: 40,
  settledMB: 10,
};

describe('recall', () => {
  const ten = Array.from({ length: 10 }, (_, row) => row);

  test('is the share of ten rows that are among the accepted', () => {
    const truth = { rows: 100, accepted: [[...ten, 10], ten] };
    const found = [
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      [0, 1, 2, 3, 4, 50, 51, 52, 53, 54],
    ];
    expect(recallOf(found, truth)).toBe(0.75);
  });

  test('counts a row once', () => {
    expect(recallOf([[0, 0, 0, 0, 0, 1, 1, 1, 1, 1]], { rows: 100, accepted: [ten] })).toBe(0.2);
  });

  test('asks for no more rows than there are', () => {
    expect(recallOf([[1, 0]], { rows: 2, accepted: [[0, 1]] })).toBe(1);
  });

  test('is about the queries that were asked', () => {
    expect(() => recallOf([[1]], { rows: 2, accepted: [] })).toThrow('other queries');
  });
});

test('figures are medians and spreads of the runs', () => {
  const figures = sideFigures([RUN, { ...RUN, ms: [4, 5, 6], openMs: 50 }]);
  expect(figures.p50).toEqual({ median: 3.5, min: 2, max: 5, runs: 2 });
  expect(figures.openMs).toEqual({ median: 40, min: 30, max: 50, runs: 2 });
});

test('an index that served several runs was built once', () => {
  expect(sideFigures([RUN, RUN]).buildMs.runs).toBe(1);
});

test('what nobody measured is null', () => {
  const figures = sideFigures([{ ...RUN, openMs: null, saveMs: null }]);
  expect(figures.openMs).toBeNull();
  expect(ratios(sideFigures([RUN]), figures)).toMatchObject({ open: null, p50: 1, build: 1 });
});

test('a peer is set against what ours takes', () => {
  const theirs = sideFigures([{ ...RUN, buildMs: 400, saveMs: 80, ms: [10] }]);
  const ours = sideFigures([{ ...RUN, saveMs: null }]);
  expect(ratios(ours, theirs)).toMatchObject({ build: 4, buildAndSave: 4.8, p50: 5 });
});

test('a filter is set against the queries that took turns with it', () => {
  const runs = [
    { plain: [10, 10], filtered: [{ percent: 1, ms: [5, 5] }] },
    { plain: [20, 20], filtered: [{ percent: 1, ms: [20, 20] }] },
  ];
  expect(filterFigures(runs)).toMatchObject([
    { percent: 1, p50: { median: 12.5 }, plain: { median: 15 }, ratio: { min: 0.5, max: 1 } },
  ]);
});
