/** `encodeText` in the real worker: windows, order, progress and what goes wrong, with a tiny BGE-M3. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hybridScore } from '../core/hybrid-score';
import type { TextOutputs } from '../core/merge-windows';
import { lexicalScore } from '../core/lexical-weights';
import { signalScores } from '../core/signal-scores';
import { colbertScore, denseScore } from '../core/vector-scores';
import { createTextTokenizer, type TextTokenizer } from '../preprocess/text-tokenizer';
import { deviation, rowsIn } from '../runtime/test-workers/closeness';
import { TextGraph, type RawOutputs } from '../runtime/test-workers/text-graph';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { EncodeTextOptions, Lens } from './api';
import { createLens } from './create-lens';

/** Of the root mean square: what float32 in another order of sums may differ by. */
const EXACT = 1e-4;
const PATIENCE_MS = 240_000;
const BOTH = { sparse: true, colbert: true } as const;
/** Special tokens of XLM-R: their weights do not count. */
const SPECIAL = [0, 1, 2, 3];
const WORDS =
  'a dog on the beach, perro en la playa, собака на пляже, 犬, two people in the snow. ';

let lens: Lens;
let tokenizer: TextTokenizer;
const graph = new TextGraph();
beforeAll(async () => {
  lens = await createLens({ model: TINY.naflex, assets: '/', dtype: 'fp32' });
  const json: unknown = await (await fetch(`${TINY.naflex}tokenizer.json`)).json();
  tokenizer = createTextTokenizer(json);
  await graph.open();
}, PATIENCE_MS);
afterAll(async () => {
  graph.dispose();
  await lens.dispose();
});

/** A text of so many words, and no two alike. */
function textOf(words: number, seed = 0): string {
  const some = WORDS.repeat(Math.ceil(words / 15) + 1).split(' ');
  return [String(seed), ...some.slice(0, words - 1)].join(' ');
}

async function encodeOne(text: string, options: EncodeTextOptions = BOTH): Promise<TextOutputs> {
  const [outputs] = await lens.encodeText([text], options);
  if (outputs === undefined) throw new Error('no outputs');
  return outputs;
}

function expectSame(got: TextOutputs, expected: TextOutputs): void {
  expect(deviation(got.dense, expected.dense)).toBeLessThanOrEqual(EXACT);
  expect([...(got.sparse?.ids ?? [])]).toEqual([...(expected.sparse?.ids ?? [])]);
  const weights = expected.sparse?.weights ?? new Float32Array();
  expect(deviation(got.sparse?.weights ?? new Float32Array(), weights)).toBeLessThanOrEqual(EXACT);
  const vectors = expected.colbert?.data ?? new Float32Array();
  expect(deviation(got.colbert?.data ?? new Float32Array(), vectors)).toBeLessThanOrEqual(EXACT);
}

function unit(vector: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...Array.from(vector));
  return Float32Array.from(vector, (value) => value / length);
}

/** The documented rules, written another way: by token, not by seam. */
function mergedByHand(
  content: readonly number[],
  windows: readonly { readonly start: number; readonly end: number; readonly raw: RawOutputs }[],
): TextOutputs {
  const dim = lens.info.dimension;
  const dense = Array.from({ length: dim }, (_, axis) =>
    windows.reduce((sum, { start, end, raw }) => {
      return sum + (end - start) * (unit(raw.dense)[axis] ?? 0);
    }, 0),
  );
  const weightOf = new Map<number, number>();
  for (const { start, end, raw } of windows) {
    content.slice(start, end).forEach((id, at) => {
      const weight = raw.lexical[at + 1] ?? 0;
      if (weight > (weightOf.get(id) ?? 0) && !SPECIAL.includes(id)) weightOf.set(id, weight);
    });
  }
  const ids = Uint32Array.from([...weightOf.keys()].sort((a, b) => a - b));
  /** How far a token is from where its text was cut. */
  const room = (token: number, { start, end }: { start: number; end: number }): number => {
    if (token < start || token >= end) return -1;
    const after = end === content.length ? Infinity : end - 1 - token;
    return Math.min(start === 0 ? Infinity : token - start, after);
  };
  const vectors = content.map((_, token) => {
    const rooms = windows.map((window) => room(token, window));
    const best = windows[rooms.indexOf(Math.max(...rooms))];
    return unit(
      rowsIn(best?.raw.colbert ?? new Float32Array(), dim)[token - (best?.start ?? 0)] ?? [],
    );
  });
  const suffix = unit(rowsIn(windows.at(-1)?.raw.colbert ?? new Float32Array(), dim).at(-1) ?? []);
  const rows = [...vectors, suffix];
  return {
    dense: unit(dense),
    sparse: { ids, weights: Float32Array.from(ids, (id) => weightOf.get(id) ?? 0) },
    colbert: { data: Float32Array.from(rows.flatMap((row) => [...row])), count: rows.length, dim },
  };
}

describe('a text that is too long', () => {
  test(
    'is read in windows, whose outputs become its own',
    async () => {
      const text = textOf(150);
      const content = tokenizer.encode(text);
      expect(content.length).toBeGreaterThan(200);
      // 30 content tokens each, 22 of them new; the last one ends with the text.
      const starts = [0];
      while ((starts.at(-1) ?? 0) + 30 < content.length) {
        starts.push(Math.min((starts.at(-1) ?? 0) + 22, content.length - 30));
      }
      const windows = [];
      for (const start of starts) {
        const ids = content.slice(start, start + 30);
        windows.push({ start, end: start + 30, raw: await graph.run([0, ...ids, 2]) });
      }
      const got = await encodeOne(text, { ...BOTH, maxTokens: 32, overlap: 8 });
      expectSame(got, mergedByHand(content, windows));
      const whole = await encodeOne(text);
      expect(got.colbert?.count).toBe(whole.colbert?.count);
      // Windows lack context: were they equal, this would test nothing.
      expect(deviation(got.dense, whole.dense)).toBeGreaterThan(100 * EXACT);
    },
    PATIENCE_MS,
  );

  test.each([{}, { overlap: null }])('is cut by %j', async (options) => {
    const text = textOf(150);
    const content = tokenizer.encode(text).slice(0, 30);
    const raw = await graph.run([0, ...content, 2]);
    const window = { start: 0, end: 30, raw };
    const got = await encodeOne(text, { ...BOTH, ...options, maxTokens: 32 });
    expectSame(got, mergedByHand(content, [window]));
  });

  test(
    'for the model itself is cut at 8,192 tokens',
    async () => {
      const text = textOf(9000);
      const content = tokenizer.encode(text);
      expect(content.length).toBeGreaterThan(8190);
      const raw = await graph.run([0, ...content.slice(0, 8190), 2]);
      const got = await encodeOne(text, { colbert: true, maxTokens: 10_000 });
      expect(got.colbert?.count).toBe(8191);
      expect(deviation(got.dense, unit(raw.dense))).toBeLessThanOrEqual(EXACT);
    },
    PATIENCE_MS,
  );
});

test('a text that is not too long is the same with windows and without', async () => {
  const text = textOf(12);
  expectSame(await encodeOne(text, { ...BOTH, maxTokens: 64, overlap: 20 }), await encodeOne(text));
});

describe('nothing to read', () => {
  test.each(['', ' \n\t\u3000 '])('%j', async (text) => {
    for (const options of [BOTH, { ...BOTH, overlap: 0 }]) {
      const { dense, sparse, colbert } = await encodeOne(text, options);
      expect(Math.hypot(...dense)).toBeCloseTo(1, 5);
      expect([...(sparse?.ids ?? [-1])]).toEqual([]);
      // The end of the text is a token as well.
      expect(colbert).toMatchObject({ count: 1, dim: lens.info.dimension });
    }
  });

  test('no texts', async () => {
    expect(await lens.encodeText([], BOTH)).toEqual([]);
  });

  test('outputs that were not asked for are null', async () => {
    expect(await encodeOne('dog', {})).toMatchObject({ sparse: null, colbert: null });
    expect((await encodeOne('dog', { sparse: true })).colbert).toBeNull();
    expect((await encodeOne('dog', { colbert: true })).sparse).toBeNull();
  });
});

test(
  'results stand in the order of the texts, whatever their lengths',
  async () => {
    const words = [1, 200, 3, 40, 0, 90, 2, 200, 7, 1, 60, 15];
    const texts = words.map((count, seed) => (count === 0 ? '' : textOf(count, seed)));
    const options = { ...BOTH, maxTokens: 64, overlap: 16 };
    const together = await lens.encodeText(texts, options);
    expect(together).toHaveLength(texts.length);
    for (const [index, text] of texts.entries()) {
      expectSame(together[index] ?? (await encodeOne('')), await encodeOne(text, options));
    }
  },
  PATIENCE_MS,
);

describe('while it runs', () => {
  const texts = Array.from({ length: 60 }, (_, seed) => textOf(1 + 3 * seed, seed));

  test(
    'it reports progress that never falls and ends with the total',
    async () => {
      const seen: number[] = [];
      await lens.encodeText(texts, {
        maxTokens: 64,
        overlap: 8,
        onProgress: ({ done, total }) => {
          expect(total).toBe(texts.length);
          seen.push(done);
        },
      });
      expect(seen.length).toBeGreaterThan(5);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect([(seen[0] ?? 99) < texts.length, seen.at(-1)]).toEqual([true, texts.length]);
    },
    PATIENCE_MS,
  );

  test(
    'it can be aborted between two runs, and goes on afterwards',
    async () => {
      const controller = new AbortController();
      const seen: number[] = [];
      const call = lens.encodeText(texts, {
        signal: controller.signal,
        onProgress: ({ done }) => {
          seen.push(done);
          controller.abort();
        },
      });
      await expect(call).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
      // As much work again, in turns with the other call's: by now that would have ended.
      expect(await lens.encodeText(texts)).toHaveLength(texts.length);
      expect(Math.max(...seen)).toBeLessThan(texts.length);
    },
    PATIENCE_MS,
  );

  test(
    'a query overtakes it',
    async () => {
      const order: string[] = [];
      const indexing = lens.encodeText(texts, BOTH).then(() => order.push('many'));
      const query = lens.embedText(['dog']).then(() => order.push('one'));
      await Promise.all([indexing, query]);
      expect(order).toEqual(['one', 'many']);
    },
    PATIENCE_MS,
  );

  test(
    'a query overtakes it even before its first run',
    async () => {
      // Little to compute, but much to cut into tokens first.
      const long = Array.from({ length: 150 }, (_, seed) => textOf(3000, seed));
      const order: string[] = [];
      const indexing = lens.encodeText(long, {
        maxTokens: 16,
        onProgress: () => order.push('many'),
      });
      const query = lens.embedText(['dog']).then(() => order.push('one'));
      await Promise.all([indexing, query]);
      expect(order[0]).toBe('one');
    },
    PATIENCE_MS,
  );
});

describe('refuses', () => {
  test.each<EncodeTextOptions>([
    { maxTokens: 1 },
    { maxTokens: 0 },
    { maxTokens: 0.5 },
    { maxTokens: NaN },
    { maxTokens: Infinity },
    { maxTokens: 32, overlap: 30 },
    { maxTokens: 32, overlap: 0.5 },
    { maxTokens: 32, overlap: NaN },
    { maxTokens: 32, overlap: -1 },
    { overlap: 8190 },
  ])('%o, whatever the text', async (options) => {
    for (const text of ['a dog', '']) {
      const call = lens.encodeText([text], options);
      await expect(call).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });

  test('what are no texts', async () => {
    const texts = ['a', 1] as unknown as string[];
    await expect(lens.encodeText(texts)).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'encodeText expects strings; item 1 is of type number.',
    });
  });
});

test(
  'a model without an output says so, and still takes texts of any length',
  async () => {
    const mini = await createLens({ model: 'mini', assets: '/' });
    try {
      for (const name of ['sparse', 'colbert'] as const) {
        await expect(mini.encodeText(['dog'], { [name]: true })).rejects.toMatchObject({
          code: 'invalid-input',
          message: `This model has no "${name}" output.`,
        });
      }
      const options = { maxTokens: 16, overlap: 4 };
      for (const { dense } of await mini.encodeText(['', 'dog', textOf(100)], options)) {
        expect(Math.hypot(...dense)).toBeCloseTo(1, 4);
      }
    } finally {
      await mini.dispose();
    }
  },
  PATIENCE_MS,
);

test('outputs of two texts can be compared', async () => {
  const [one, other] = await lens.encodeText([textOf(20, 1), textOf(30, 2)], BOTH);
  if (!one?.sparse || !other?.sparse || !one.colbert || !other.colbert)
    throw new Error('no output');
  expect(denseScore(one.dense, other.dense)).toBe(denseScore(other.dense, one.dense));
  expect(denseScore(one.dense, one.dense)).toBeCloseTo(1, 5);
  expect(lexicalScore(one.sparse, other.sparse)).toBe(lexicalScore(other.sparse, one.sparse));
  expect(lexicalScore(one.sparse, other.sparse)).toBeGreaterThan(0);
  expect(colbertScore(one.colbert, one.colbert)).toBeCloseTo(1, 5);
  const score = colbertScore(one.colbert, other.colbert);
  expect(Math.abs(score)).toBeLessThan(1);
  const all = signalScores(one, other);
  const mean = ((all.dense ?? NaN) + (all.sparse ?? NaN) + score) / 3;
  expect(hybridScore(all)).toBeCloseTo(mean, 10);
});
