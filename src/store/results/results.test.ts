import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../../errors';
import type { Meta } from '../../protocol/store-contract';
import { collapseHits } from './collapse-hits';
import { decodeCursor, encodeCursor } from './cursor';
import type { FoundItem } from './found-item';
import { groupHits } from './group-hits';
import { RecentRankings, type Ranking } from './ranking';
import { rerankHead } from './rerank-head';
import { sortHits } from './sort-hits';

/** The best first, with the ids `0`, `1`, … */
const hitsOf = (...metas: readonly Meta[]): FoundItem[] =>
  metas.map((meta, row) => ({
    row,
    item: { id: `${row}`, meta, fields: {} },
    score: 1 / (row + 1),
    scores: {},
    confidence: 1,
  }));
const idsOf = (hits: readonly FoundItem[]): string[] => hits.map(({ item }) => item.id);
const a = (value: Meta[string]): Meta => ({ a: value });

describe('sorting', () => {
  test('by numbers, in both directions; equal ones stay the better first', () => {
    const hits = hitsOf(a(2), a(1), {}, a(3), a(1), a(null), a([0]));
    expect(idsOf(sortHits(hits, { field: 'a' }))).toEqual(['1', '4', '0', '3', '2', '5', '6']);
    const descending = sortHits(hits, { field: 'a', order: 'desc' });
    expect(idsOf(descending)).toEqual(['3', '0', '1', '4', '2', '5', '6']);
    expect(idsOf(hits)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });

  test('by strings and paths; values of several types stand apart', () => {
    const hits = hitsOf(a({ b: 'b' }), a({ b: true }), a({ b: 'B' }), a({ b: 7 }), a('b'));
    expect(idsOf(sortHits(hits, { field: 'a.b' }))).toEqual(['3', '2', '0', '1', '4']);
  });

  test('by dates, written in any way that filters read', () => {
    const hits = hitsOf(
      a('2024-05-01T12:00+02:00'),
      a('2024-05-01T11:00Z'),
      a(Date.UTC(2024, 3, 30)),
      a('spring'),
      a('2024-05-01'),
    );
    const sorted = sortHits(hits, { field: 'a', type: 'date' });
    expect(idsOf(sorted)).toEqual(['2', '4', '0', '1', '3']);
  });
});

describe('grouping', () => {
  test('keeps the best of each value, and counts', () => {
    const hits = hitsOf(a('x'), a('y'), a('x'), {}, a(null), a(['x']), {}, a(null), a('x'));
    const groups = groupHits(hits, 'a');
    expect(groups.map(({ item, group }) => [item.id, group])).toEqual([
      ['0', { value: 'x', count: 3 }],
      ['1', { value: 'y', count: 1 }],
      ['3', null],
      ['4', { value: null, count: 2 }],
      ['5', null],
      ['6', null],
    ]);
  });

  test('tells types apart', () => {
    expect(groupHits(hitsOf(a(1), a('1'), a(true), a('true')), 'a')).toHaveLength(4);
  });
});

test('collapsing folds hits into the first better one that is like them', () => {
  const at = (degrees: number): Float32Array => {
    const angle = (degrees * Math.PI) / 180;
    return Float32Array.of(Math.cos(angle), Math.sin(angle));
  };
  const hits = hitsOf({}, {}, {}, {}, {});
  const vectors = [at(0), at(90), at(10), at(80), at(20)];
  const collapsed = collapseHits(hits, vectors, Math.cos((15 * Math.PI) / 180));
  // 20° is like 10°, but that one is not there any more.
  expect(collapsed.map(({ item, duplicates }) => [item.id, duplicates])).toEqual([
    ['0', ['2']],
    ['1', ['3']],
    ['4', []],
  ]);
});

test('reranking moves only what can be compared', () => {
  const scores = new Map([
    ['0', 0.1],
    ['2', 0.9],
    ['3', 0.5],
  ]);
  const hits = rerankHead(hitsOf({}, {}, {}, {}, {}), ({ item }) => scores.get(item.id));
  expect(idsOf(hits)).toEqual(['2', '1', '3', '0', '4']);
});

describe('a cursor', () => {
  const cursor = { ranking: 'r', fingerprint: 4_000_000_000, state: 'ü 7', offset: 20 };

  test('comes back as it was, and may stand in an address', () => {
    const text = encodeCursor(cursor);
    expect(text).toMatch(/^[\w-]+$/u);
    expect(decodeCursor(text)).toEqual(cursor);
  });

  test.each(['', 'x', '💥', btoa('[1]'), btoa('[2,"r",1,"s",0]'), btoa('[1,"r",1,"s",-1]')])(
    'is not %o',
    (text) => {
      let thrown: unknown;
      try {
        decodeCursor(text);
      } catch (error) {
        thrown = error;
      }
      expect(isPhotoglotError(thrown) && thrown.code).toBe('invalid-input');
    },
  );
});

test('the last few rankings are kept', () => {
  const rankings = new RecentRankings();
  const ranking = (id: string): Ranking => ({
    id,
    fingerprint: 0,
    state: '',
    hits: [],
    omitted: 0,
  });
  for (const id of 'abcdefgh') rankings.keep(ranking(id));
  expect(rankings.get('a')?.id).toBe('a');
  rankings.keep(ranking('i'));
  expect([rankings.get('a')?.id, rankings.get('b'), rankings.get('i')?.id]).toEqual([
    'a',
    null,
    'i',
  ]);
});
