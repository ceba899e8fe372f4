/** Searches by words and by several signals with real models: `mini`, and a tiny one of BGE-M3's kind. */
import { expect, test } from 'vitest';
import { lexicalScore } from '../core/lexical-weights';
import { colbertScore } from '../core/vector-scores';
import { TINY, tinyReference } from '../runtime/test-workers/tiny-models';
import type { SearchResult, SearchUpdate } from './api';
import { createLens } from './create-lens';

/** Of float16 weights, as a share; and of token vectors in bytes. */
const [WEIGHTS_EXACT, TOKENS_EXACT] = [1e-3, 5e-3];
const PATIENCE_MS = 300_000;

const idsOf = ({ hits }: SearchResult): string[] => hits.map(({ id }) => id);

test(
  'mini: words, meaning, both, in any order, page by page and in steps',
  async () => {
    const lens = await createLens({ model: 'mini', assets: '/', device: 'wasm' });
    const photos = await lens.open(`words ${crypto.randomUUID()}`);
    try {
      const captions = [
        ['dog-en', 'a dog runs along the beach', 2021],
        ['dog-de', 'ein Hund läuft am Strand', 2023],
        ['cat', 'a cat sleeps on a sofa', 2020],
        ['boat', 'a boat on the lake', 2022],
        ['invoice', 'invoice 4711 of the harbour', 2019],
      ] as const;
      await photos.add(
        captions.map(([id, text, year]) => ({
          id,
          text,
          meta: { year, article: text.split(' ')[0] ?? '' },
        })),
      );
      expect(idsOf(await photos.search('Hund', { mode: 'keyword' }))).toEqual(['dog-de']);
      expect(idsOf(await photos.search('4711', { mode: 'hybrid' }))[0]).toBe('invoice');
      const both = await photos.search('dog', { mode: 'hybrid', limit: 2 });
      expect(idsOf(both)).toEqual(['dog-en', 'dog-de']);
      expect(both.hits[0]?.scores.keyword).toBeGreaterThan(both.hits[1]?.scores.keyword ?? NaN);
      const sort = { field: 'year', order: 'desc' } as const;
      const sorted = await photos.search('dog', { sort, cutoff: 0 });
      expect(idsOf(sorted)).toEqual(['dog-de', 'boat', 'dog-en', 'cat', 'invoice']);
      const grouped = await photos.search('dog', { groupBy: 'article', cutoff: 0 });
      expect(grouped.hits.find(({ id }) => id === 'dog-en')?.group?.count).toBe(3);
      const first = await photos.search('dog', { cutoff: 0, limit: 3, cursor: null });
      const second = await photos.search('dog', { cutoff: 0, limit: 3, cursor: first.nextCursor });
      expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(captions.length);
      const updates: SearchUpdate[] = [];
      for await (const update of photos.searchStream('dog')) updates.push(update);
      expect(updates.at(-1)?.isComplete).toBe(true);
      expect(updates.at(-1)?.hits.map(({ id }) => id)).toContain('dog-en');
    } finally {
      await lens.drop(photos.name);
      await lens.dispose();
    }
  },
  PATIENCE_MS,
);

test(
  'BGE-M3: token weights and token vectors are those of the model',
  async () => {
    const { texts: references } = await tinyReference();
    const texts = references.map(({ text }) => text).slice(0, 24);
    const lens = await createLens({
      model: TINY.naflex,
      assets: '/',
      device: 'wasm',
      dtype: 'fp32',
    });
    const name = `signals ${crypto.randomUUID()}`;
    try {
      const photos = await lens.open(name, { keepSignals: ['sparse', 'colbert'] });
      const { added } = await photos.add(texts.map((text, index) => ({ id: `${index}`, text })));
      const query = texts[3] ?? '';
      const outputs = await lens.encodeText([query, ...texts], { sparse: true, colbert: true });
      const [asked, ...passages] = outputs;
      const found = await photos.search(query, {
        mode: 'hybrid',
        rerank: true,
        cutoff: 0,
        limit: texts.length,
      });
      expect(found.hits).toHaveLength(added.length);
      let shared = 0;
      for (const { id, scores } of found.hits) {
        const passage = passages[Number(id)];
        if (!asked?.sparse || !asked.colbert || !passage?.sparse || !passage.colbert) {
          throw new Error('the model has all outputs');
        }
        const sparse = lexicalScore(asked.sparse, passage.sparse);
        shared += +(sparse > 0);
        expect(Math.abs((scores.sparse ?? 0) - sparse)).toBeLessThanOrEqual(WEIGHTS_EXACT * sparse);
        const colbert = colbertScore(asked.colbert, passage.colbert);
        expect(Math.abs((scores.colbert ?? NaN) - colbert)).toBeLessThan(TOKENS_EXACT);
      }
      expect(shared).toBeGreaterThan(1);
      const order = found.hits.map(({ scores }) => scores.colbert ?? NaN);
      expect(order).toEqual([...order].sort((left, right) => right - left));
      expect(found.hits[0]?.id).toBe('3');
    } finally {
      await lens.drop(name);
      await lens.dispose();
    }
  },
  PATIENCE_MS,
);
