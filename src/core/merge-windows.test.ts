import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lexicalWeights, type LexicalWeights } from './lexical-weights';
import { mergeWindows, type WindowOutputs } from './merge-windows';
import type { TokenVectors } from './token-vectors';
import type { WindowSpan } from './window-spans';
import { failureOf } from './test-workers/failure-of';

const [EAST, NORTH] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
const SUFFIX = -1;

function sparse(...entries: readonly (readonly [id: number, weight: number])[]): LexicalWeights {
  return lexicalWeights(
    entries.map(([id]) => id),
    entries.map(([, weight]) => weight),
    new Set(),
  );
}

/** Rows that say which token they are of and which window they come from. */
function tracing({ start, end }: WindowSpan, window: number, suffix: number): TokenVectors {
  const content = Array.from({ length: end - start }, (_, index) => [start + index, window]);
  const rows = [...content, ...Array.from({ length: suffix }, () => [SUFFIX, window])];
  return { data: Float32Array.from(rows.flat()), count: rows.length, dim: 2 };
}

function outputs(span: WindowSpan, own: Partial<WindowOutputs> = {}): WindowOutputs {
  return { dense: EAST, sparse: null, colbert: null, ...span, ...own };
}

/** Rows of a merged text: `[token, window]`. */
function traces(spans: readonly WindowSpan[], suffix: number): number[][] {
  const merged = mergeWindows(
    spans.map((span, index) => outputs(span, { colbert: tracing(span, index, suffix) })),
  );
  const { data = new Float32Array(0), count = 0 } = merged.colbert ?? {};
  return Array.from({ length: count }, (_, row) => [...data.subarray(2 * row, 2 * row + 2)]);
}

/** Windows of any lengths and overlaps. */
const spansOf = fc
  .array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })), { minLength: 1, maxLength: 6 })
  .map((steps) => {
    const spans: WindowSpan[] = [];
    for (const [forward, longer] of steps) {
      const before = spans.at(-1);
      const start = before === undefined ? 0 : Math.min(before.start + 1 + forward, before.end);
      spans.push({ start, end: Math.max(before?.end ?? 0, start) + 1 + longer });
    }
    return spans;
  });

/** The window in which the token is farthest from a cut; the text's own ends are no cuts. */
function bestWindow(spans: readonly WindowSpan[], token: number): number {
  const depths = spans.map(({ start, end }, index) => {
    if (token < start || token >= end) return -1;
    const left = index === 0 ? Infinity : token - start;
    return Math.min(left, index === spans.length - 1 ? Infinity : end - 1 - token);
  });
  return depths.indexOf(Math.max(...depths));
}

test('one window is the text, as it is', () => {
  const span = { start: 0, end: 3 };
  const dense = Float32Array.of(0.1, 0.2);
  const window = outputs(span, { dense, sparse: sparse([5, 1]), colbert: tracing(span, 0, 1) });
  expect(mergeWindows([window])).toEqual({
    dense: window.dense,
    sparse: window.sparse,
    colbert: window.colbert,
  });
  expect(mergeWindows([outputs({ start: 0, end: 0 })]).dense).toBe(EAST);
});

describe('the dense vector', () => {
  test('leans to the longer window', () => {
    const windows = [
      outputs({ start: 0, end: 3 }),
      outputs({ start: 3, end: 7 }, { dense: NORTH }),
    ];
    expect(mergeWindows(windows).dense).toEqual(Float32Array.of(0.6, 0.8));
  });

  test('of equal windows is theirs', () => {
    const windows = [outputs({ start: 0, end: 5 }), outputs({ start: 3, end: 8 })];
    expect(mergeWindows(windows)).toEqual({ dense: EAST, sparse: null, colbert: null });
  });
});

test('a token has its largest weight in any window', () => {
  const windows = [
    outputs({ start: 0, end: 4 }, { sparse: sparse([5, 0.5], [9, 0.25]) }),
    outputs({ start: 2, end: 6 }, { sparse: sparse([7, 0.125], [9, 0.75]) }),
  ];
  expect(mergeWindows(windows).sparse).toEqual(sparse([5, 0.5], [7, 0.125], [9, 0.75]));
});

describe('token vectors', () => {
  test('change windows in the middle of what two share', () => {
    const spans = [
      { start: 0, end: 5 },
      { start: 2, end: 7 },
    ];
    const firsts = [0, 1, 2, 3].map((token) => [token, 0]);
    const seconds = [4, 5, 6, SUFFIX].map((token) => [token, 1]);
    expect(traces(spans, 1)).toEqual([...firsts, ...seconds]);
  });

  test('are one per token, from where it is farthest from a cut', () => {
    fc.assert(
      fc.property(spansOf, fc.nat({ max: 2 }), (spans, suffix) => {
        const tokens = Array.from({ length: spans.at(-1)?.end ?? 0 }, (_, token) => token);
        const ends = Array.from({ length: suffix }, () => [SUFFIX, spans.length - 1]);
        const expected = tokens.map((token) => [token, bestWindow(spans, token)]);
        expect(traces(spans, suffix)).toEqual([...expected, ...ends]);
      }),
    );
  });
});

describe('refused are', () => {
  const first = { start: 0, end: 4 };
  const second = { start: 3, end: 6 };
  const vectorsOf = (count: number, dim: number): TokenVectors => ({
    data: new Float32Array(count * dim),
    count,
    dim,
  });

  test.each<[string, WindowOutputs[], string]>([
    ['no windows', [], 'invalid-input: Windows must cover'],
    ['a start that is not 0', [outputs(second)], 'number 0 is 3 to 6.'],
    ['a gap', [outputs(first), outputs({ start: 5, end: 6 })], 'number 1 is 5 to 6.'],
    ['a window within another', [outputs(first), outputs({ start: 1, end: 4 })], 'is 1 to 4.'],
    ['a start twice', [outputs(first), outputs({ start: 0, end: 6 })], 'number 1 is 0 to 6.'],
    ['a half token', [outputs({ start: 0, end: 1.5 })], 'number 0 is 0 to 1.5.'],
    [
      'an output that one lacks',
      [outputs(first, { sparse: sparse() }), outputs(second)],
      'invalid-input: Either all windows or none must have "sparse"; 1 of 2 have.',
    ],
    [
      'vectors that cancel out',
      [outputs({ start: 0, end: 3 }), outputs(second, { dense: Float32Array.of(-1, 0) })],
      'invalid-input: The dense vectors of the windows cancel each other out',
    ],
    [
      'other dimensions',
      [outputs(first), outputs(second, { dense: Float32Array.of(1) })],
      "dimension-mismatch: All windows' vectors must have one dimension; got 2 and 1.",
    ],
    [
      'too few token vectors',
      [outputs(first, { colbert: vectorsOf(3, 2) }), outputs(second, { colbert: vectorsOf(3, 2) })],
      'invalid-input: A window of 4 content tokens needs as many token vectors; got 3.',
    ],
    [
      'token vectors of other dimensions',
      [outputs(first, { colbert: vectorsOf(4, 2) }), outputs(second, { colbert: vectorsOf(3, 1) })],
      "dimension-mismatch: All windows' token vectors must have one dimension; got 2 and 1.",
    ],
  ])('%s', (_, windows, message) => {
    expect(failureOf(() => mergeWindows(windows))).toContain(message);
  });
});
