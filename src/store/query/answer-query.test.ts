import { beforeEach, describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../../errors';
import type { ItemRecord, Meta } from '../../protocol/store-contract';
import type { QueryResult, StoreQuery } from '../../protocol/store-query';
import { RecentRankings } from '../results/ranking';
import { encodeLexical } from '../signals/lexical-codec';
import { encodeTokens } from '../signals/token-codec';
import { parseWhere } from '../where/parse-where';
import { answerQuery, readPage } from './answer-query';
import { CollectionIndexes } from './collection-indexes';
import type { ItemContext } from './find-items';
import type { SignalSource } from './signal-source';
import { ItemRows } from './test-workers/item-rows';
import { wholeQuery } from './test-workers/whole-query';

const { signal } = new AbortController();
const EAST = Float32Array.of(1, 0);

let rows: ItemRows;
let rankings: RecentRankings;
let lexical: Map<string, ArrayBuffer>;
let tokens: Map<string, ArrayBuffer>;
let context: ItemContext;

beforeEach(() => {
  rows = new ItemRows();
  rankings = new RecentRankings();
  lexical = new Map();
  tokens = new Map();
  const read = (from: Map<string, ArrayBuffer>) => (_: unknown, ids: readonly string[]) =>
    Promise.resolve(ids.map((id) => from.get(id) ?? null));
  const signals: SignalSource = { lexical: read(lexical), tokens: read(tokens) };
  context = {
    memory: rows,
    indexes: new CollectionIndexes(signals),
    signals,
    filter: null,
    confidence: (_, cosine) => cosine,
    signal,
  };
});

const put = (id: string, degrees: number, text = '', meta: Meta = {}): void => {
  const item: ItemRecord = { id, meta, fields: text === '' ? {} : { text } };
  rows.put(item, degrees);
};

function query(
  asked: Partial<StoreQuery>,
  changed: Partial<ItemContext> = {},
): Promise<QueryResult> {
  return answerQuery(wholeQuery(asked), rankings, { ...context, ...changed });
}

const idsOf = ({ hits }: QueryResult): string[] => hits.map(({ id }) => id);
const weights = (...ids: readonly number[]) => ({
  ids: Uint32Array.from(ids),
  weights: new Float32Array(ids.length).fill(0.5),
});

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : String(thrown)),
  );
}

describe('signals', () => {
  beforeEach(() => {
    put('near', 0);
    put('dog', 80, 'a dog');
    put('both', 10, 'dog on the beach');
    put('far', 170, 'nothing');
  });

  test('words alone need no vector', async () => {
    const found = await query({ text: 'dog beach' });
    expect(idsOf(found)).toEqual(['both', 'dog']);
    const [first, second] = found.hits;
    expect(first).toMatchObject({ confidence: 1, fields: { text: 'dog on the beach' } });
    expect(Object.keys(first?.scores ?? {})).toEqual(['keyword']);
    expect(first?.score).toBe(first?.scores.keyword);
    expect(second?.confidence).toBeLessThan(0.5);
    expect(found.omitted).toBe(0);
  });

  test.each([1, 9])(
    'an item that moves while it is looked for, %i times, is found once',
    async (moves) => {
      let left = moves;
      const search = rows.search.bind(rows);
      rows.search = async (...args) => {
        const found = await search(...args);
        if (left-- > 0) {
          rows.items[rows.items.findIndex((item) => item?.id === 'both')] = null;
          put('both', 10, 'dog on the beach');
        }
        return found;
      };
      const { hits } = await query({ vector: EAST, text: 'dog beach' });
      expect(hits.filter(({ id }) => id === 'both')).toHaveLength(1);
      if (moves > 1) return;
      expect(hits[0]?.id).toBe('both');
      expect(hits[0]?.score).toBeCloseTo(1 / 62 + 1 / 61);
    },
  );

  test('fused by ranks, what several signals have comes first', async () => {
    const { hits } = await query({ vector: EAST, text: 'dog beach' });
    expect(hits.map(({ id }) => id)).toEqual(['both', 'near', 'dog', 'far'].sort(byRanks));
    expect(hits[0]?.score).toBeCloseTo(1 / 62 + 1 / 61);
    expect(hits[0]?.scores.dense).toBeCloseTo(Math.cos(Math.PI / 18));
    // No text, no score of words; a text without the words has one.
    expect(hits.find(({ id }) => id === 'near')?.scores.keyword).toBeUndefined();
    expect(hits.find(({ id }) => id === 'far')?.scores.keyword).toBe(0);
  });

  /** both: 1/62 + 1/61, dog: 1/63 + 1/62, near: 1/61, far: 1/64. */
  function byRanks(left: string, right: string): number {
    const order = ['both', 'dog', 'near', 'far'];
    return order.indexOf(left) - order.indexOf(right);
  }

  test('fused by weights, over the signals that an item has', async () => {
    const found = await query({
      vector: EAST,
      text: 'dog beach',
      fusion: { dense: 1, keyword: 1 },
    });
    expect(idsOf(found)).toEqual(['near', 'both', 'dog', 'far']);
    expect(found.hits[0]?.score).toBeCloseTo(1);
    expect(found.hits[1]?.score).toBeCloseTo((Math.cos(Math.PI / 18) + 1) / 2);
  });

  test('by weights, few of the words do not outweigh the meaning', async () => {
    const found = await query({
      vector: EAST,
      text: 'un perro on la playa de una isla',
      fusion: { dense: 1, keyword: 1 },
    });
    expect(idsOf(found)).toEqual(['near', 'both', 'dog', 'far']);
    expect(found.hits[1]?.scores.keyword).toBeGreaterThan(0);
    const byRanks = await query({ vector: EAST, text: 'un perro on la playa de una isla' });
    expect(idsOf(byRanks)[0]).toBe('both');
  });

  test('token weights are a signal of their own', async () => {
    lexical.set('far', encodeLexical(weights(5, 7)));
    lexical.set('near', encodeLexical(weights(7)));
    const found = await query({ vector: EAST, sparse: weights(5, 7), fusion: { sparse: 1 } });
    expect(found.hits.map(({ id, scores }) => [id, scores.sparse])).toEqual([
      ['far', 0.5],
      ['near', 0.25],
      ['dog', undefined],
      ['both', undefined],
    ]);
  });

  test('filters, and a cutoff that words withstand', async () => {
    put('hidden', 5, 'dog beach', { hidden: true });
    const filter = parseWhere({ hidden: { exists: false } });
    const found = await query(
      { vector: EAST, text: 'dog', leastConfidence: 0.5, where: null },
      { filter },
    );
    expect(idsOf(found).sort()).toEqual(['both', 'dog', 'near']);
    expect(found.omitted).toBe(1);
  });

  test('token vectors order the best anew, those without keep their places', async () => {
    const vectors = (...degrees: readonly number[]) => ({
      data: Float32Array.from(
        degrees.flatMap((each) => [
          Math.cos((each * Math.PI) / 180),
          Math.sin((each * Math.PI) / 180),
        ]),
      ),
      count: degrees.length,
      dim: 2,
    });
    tokens.set('both', encodeTokens(vectors(90)));
    tokens.set('far', encodeTokens(vectors(90, 1)));
    const found = await query({ vector: EAST, tokens: vectors(0), limit: 3 });
    expect(idsOf(found)).toEqual(['near', 'far', 'dog']);
    expect(found.hits[1]?.scores.colbert).toBeCloseTo(1, 2);
  });
});

describe('orders', () => {
  beforeEach(() => {
    for (let index = 0; index < 30; index++) {
      put(`${index}`, index, '', { day: (index * 7) % 30, album: index % 3 });
    }
  });

  test('sorted is what is sure enough, not what is found first', async () => {
    const asked = {
      vector: EAST,
      limit: 2,
      leastConfidence: Math.cos(Math.PI / 12) - 1e-6,
    } as const;
    const found = await query({ ...asked, sort: { field: 'day', order: 'desc' } });
    expect(idsOf(found)).toEqual(['4', '8']);
    expect(found.omitted).toBe(14);
  });

  test('groups and series of like ones', async () => {
    const grouped = await query({ vector: EAST, groupBy: 'album' });
    expect(grouped.hits.map(({ id, group }) => [id, group?.value, group?.count])).toEqual([
      ['0', 0, 10],
      ['1', 1, 10],
      ['2', 2, 10],
    ]);
    const collapsed = await query({ vector: EAST, collapse: Math.cos(Math.PI / 18) - 1e-6 });
    expect(collapsed.hits.map(({ id, duplicates }) => [id, duplicates?.length])).toEqual([
      ['0', 10],
      ['11', 10],
      ['22', 7],
    ]);
  });
});

describe('pages', () => {
  const ids = Array.from({ length: 25 }, (_, index) => `${index}`);
  beforeEach(() => {
    ids.forEach((id, index) => {
      put(id, index);
    });
  });

  const find = (asked: readonly string[]) =>
    Promise.resolve(
      new Map(
        rows.items.flatMap((item) =>
          item !== null && asked.includes(item.id) ? [[item.id, { item }] as const] : [],
        ),
      ),
    );

  test('lead through the whole ranking once, though the collection changes meanwhile', async () => {
    let page = await query({ vector: EAST, cursor: null });
    const seen = idsOf(page);
    put('new', 0);
    rows.items[12] = null;
    rows.items[13] = { id: '13', meta: { is: 'new' }, fields: {} };
    rows.changed();
    while (page.nextCursor !== null) {
      const next = await readPage(
        { cursor: page.nextCursor, limit: 10, queryKey: 'key' },
        rankings,
        find,
      );
      if (next === null) throw new Error('not kept');
      page = next;
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual(ids.filter((id) => id !== '12'));
    expect((await query({ vector: EAST, cursor: null, limit: 25 })).nextCursor).toBeNull();
  });

  test('what is no longer kept is found again, if nothing changed', async () => {
    const { nextCursor } = await query({ vector: EAST, cursor: null });
    rankings = new RecentRankings();
    const asked = { cursor: nextCursor ?? '', limit: 10, queryKey: 'key' };
    expect(await readPage(asked, rankings, find)).toBeNull();
    const second = await query({ vector: EAST, cursor: nextCursor });
    expect(idsOf(second)).toEqual(ids.slice(10, 20));
    const third = await readPage({ ...asked, cursor: second.nextCursor ?? '' }, rankings, find);
    expect([third?.hits.length, third?.nextCursor]).toEqual([5, null]);
    rows.changed();
    expect(await codeOf(query({ vector: EAST, cursor: nextCursor }))).toBe('cursor-expired');
  });

  test('are of one search, and as long as is asked for', async () => {
    const { nextCursor } = await query({ vector: EAST, cursor: null });
    const cursor = nextCursor ?? '';
    const other = query({ vector: EAST, cursor, queryKey: 'other' });
    expect(await codeOf(other)).toBe('invalid-input');
    const asked = { cursor, limit: 3, queryKey: 'other' };
    expect(await codeOf(readPage(asked, rankings, find))).toBe('invalid-input');
    expect(await codeOf(query({ vector: EAST, cursor: 'nonsense' }))).toBe('invalid-input');
    const short = await readPage({ ...asked, queryKey: 'key' }, rankings, find);
    expect(short && idsOf(short)).toEqual(['10', '11', '12']);
  });
});
