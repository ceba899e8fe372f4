import { describe, expect, test } from 'vitest';
import { combineParts, parseQuery, type QueryOf } from './query';
import { failureOf } from './test-workers/failure-of';

describe('a query', () => {
  test.each<[QueryOf<string>, unknown[]]>([
    ['dog', [{ kind: 'text', text: 'dog', weight: 1 }]],
    [{ text: 'dog', weight: 0.5 }, [{ kind: 'text', text: 'dog', weight: 0.5 }]],
    [
      [{ image: 'a.jpg' }, { text: 'snow', weight: -2 }],
      [
        { kind: 'image', image: 'a.jpg', weight: 1 },
        { kind: 'text', text: 'snow', weight: -2 },
      ],
    ],
    [
      { text: 'dog', image: 'a.jpg', vector: Float32Array.of(3, 4), weight: 2 },
      [
        { kind: 'text', text: 'dog', weight: 2 },
        { kind: 'image', image: 'a.jpg', weight: 2 },
        { kind: 'vector', vector: Float32Array.of(0.6, 0.8), weight: 2 },
      ],
    ],
  ])('%o', (query, leaves) => {
    expect(parseQuery(query, 2)).toEqual(leaves);
  });

  test.each([
    ['', 'invalid-input: A text of a query must not be empty.'],
    ['  \n', 'invalid-input: A text of a query must not be empty.'],
    [[], 'invalid-input: A query needs at least one part; got an empty list.'],
    [{}, 'invalid-input: A part of a query needs a text, an image or a vector.'],
    [null, 'invalid-input: A part of a query must be an object; got object.'],
    [[7], 'invalid-input: A part of a query must be an object; got number.'],
    [{ text: 7 }, 'invalid-input: A text must be a string; got number.'],
    [{ text: 'a', weight: NaN }, 'invalid-input: A weight must be a finite number; got NaN.'],
    [{ vector: [1, 2] }, 'invalid-input: A vector must be a Float32Array.'],
    [
      { vector: Float32Array.of(1) },
      "dimension-mismatch: A vector must have the model's dimension 2; got 1.",
    ],
    [{ vector: Float32Array.of(0, 0) }, 'invalid-input: A vector must be finite and not all zero.'],
    [
      { vector: Float32Array.of(NaN, 0) },
      'invalid-input: A vector must be finite and not all zero.',
    ],
  ])('%o is refused', (query, message) => {
    expect(failureOf(() => parseQuery(query as QueryOf<string>, 2))).toBe(message);
  });
});

describe('parts', () => {
  const [east, north] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];

  test('are added by weight, to length 1', () => {
    expect(combineParts([{ vector: east, weight: 5 }], 2)).toEqual(east);
    expect(
      combineParts(
        [
          { vector: east, weight: 3 },
          { vector: north, weight: -4 },
        ],
        2,
      ),
    ).toEqual(Float32Array.of(0.6, -0.8));
  });

  test('that cancel each other out are refused', () => {
    const parts = [
      { vector: east, weight: 1 },
      { vector: east, weight: -1 },
    ];
    expect(failureOf(() => combineParts(parts, 2))).toContain('invalid-input');
  });
});
