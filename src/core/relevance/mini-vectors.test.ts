/**
 * Confidences of real vectors of `mini`: 120 pictures, the first ten of dogs, and names of what is and is
 * not on them, in `fixtures/mini-vectors.json`. The calibration is the one that the model brings.
 */
import { describe, expect, test } from 'vitest';
import manifest from '../../../public/models/mini/manifest.json';
import { parseManifest } from '../../models/parse-manifest';
import { relevanceCalibration } from '../../models/relevance-calibration';
import { decodeBase64 } from '../base64';
import { dotProduct } from '../dot-product';
import vectors from '../fixtures/mini-vectors.json';
import { normalise } from '../normalise';
import { combineParts } from '../query';
import { collectionBackground, collectionConfidence } from './collection-confidence';
import type { Confidence } from './confidence';
import { modelConfidence } from './model-confidence';

const DIMENSION = manifest.dimension;
/** What a search returns at most. */
const LIMIT = 20;

const pictures = unitRows(vectors.pictureRows);
const texts = unitRows(vectors.textRows);
const dogs = pictures.slice(0, vectors.dogs);
const present = vectors.texts.flatMap(({ text, picture }) =>
  picture === undefined ? [] : { text, picture: at(pictures, picture) },
);
const absent = vectors.texts.flatMap(({ text, absent: is }) => (is === true ? [text] : []));

/** Rows of int8, of any scale. */
function unitRows(base64: string): Float32Array<ArrayBuffer>[] {
  const numbers = new Int8Array(decodeBase64(base64).buffer);
  return Array.from({ length: numbers.length / DIMENSION }, (_, row) => {
    const start = row * DIMENSION;
    const unit = normalise(Float32Array.from(numbers.subarray(start, start + DIMENSION)));
    if (unit === null) throw new Error(`Row ${row} is empty.`);
    return unit;
  });
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new Error(`There is no ${index}.`);
  return value;
}

function textVector(wanted: string): Float32Array<ArrayBuffer> {
  return at(
    texts,
    vectors.texts.findIndex(({ text }) => text === wanted),
  );
}

function byModel(query: Float32Array, items: number): Confidence {
  const calibration = relevanceCalibration(parseManifest(manifest));
  if (calibration === null) throw new Error('mini has no calibration.');
  return modelConfidence(query, calibration, items);
}

function byCollection(query: Float32Array): Confidence {
  const rows = Float32Array.from(pictures.flatMap((row) => [...row]));
  return collectionConfidence(query, collectionBackground(rows, DIMENSION));
}

function cosine(left: Float32Array, right: Float32Array): number {
  return dotProduct(left, 0, right, 0, DIMENSION);
}

/** Of the best items by cosine, those that are rather right. */
function found(
  query: Float32Array,
  items: readonly Float32Array[],
  method: (query: Float32Array, items: number) => Confidence = byModel,
): Float32Array[] {
  const confidence = method(query, items.length);
  return items
    .map((item) => ({ item, score: cosine(query, item) }))
    .sort((left, right) => right.score - left.score)
    .slice(0, LIMIT)
    .filter(({ item, score }) => confidence(item, score) >= 0.5)
    .map(({ item }) => item);
}

describe.each([
  ['the model', byModel],
  ['the collection', byCollection],
])('by %s', (_, method) => {
  test('what is there is found', () => {
    const kept = present.filter(({ text, picture }) =>
      found(textVector(text), pictures, method).includes(picture),
    );
    expect(kept.length / present.length).toBeGreaterThanOrEqual(0.9);
  });

  test('for what is not there, three hits at most', () => {
    const few = absent.filter((text) => found(textVector(text), pictures, method).length <= 3);
    expect(few.length / absent.length).toBeGreaterThanOrEqual(0.7);
  });

  test.each(['qwertz', 'my grandmother', 'happiness', 'invoice'])(
    'nothing for “%s”, though cosines are high',
    (text) => {
      expect(found(textVector(text), pictures, method)).toEqual([]);
    },
  );
});

describe('a small collection', () => {
  test('of dogs alone: “dog” finds nearly all, “airplane” none', () => {
    expect(found(textVector('dog'), dogs).length).toBeGreaterThanOrEqual(9);
    expect(found(textVector('airplane'), dogs)).toEqual([]);
  });

  test('of one picture is judged like any', () => {
    const [{ text, picture } = { text: '', picture: new Float32Array() }] = present;
    expect(found(textVector(text), [picture])).toHaveLength(1);
    expect(found(textVector('airplane'), [picture])).toEqual([]);
  });
});

test('in a larger collection, the same is less sure, down to a limit', () => {
  const { text, picture } = at(present, 0);
  const query = textVector(text);
  const sure = [1, 20, 100, 500, 1e6].map((items) =>
    byModel(query, items)(picture, cosine(query, picture)),
  );
  expect(sure).toEqual([...sure].sort((left, right) => right - left));
  expect(sure[0]).toBe(sure[1]);
  expect(sure[1]).toBeGreaterThan(sure[2] ?? 1);
  expect(sure[3]).toBe(sure[4]);
});

test('duplicates are all found, and change nothing for others', () => {
  const { text, picture } = at(present, 0);
  const once = found(textVector(text), pictures);
  const often = found(textVector(text), [...pictures, picture, picture]);
  expect(often).toHaveLength(once.length + 2);
});

test('texts among the pictures: the same word is found, another is not', () => {
  const words = ['dog', 'airplane', 'castle'].map(textVector);
  const hits = found(textVector('a photo of a dog'), [...words, ...pictures]);
  expect(hits[0]).toBe(words[0]);
  expect(hits).not.toContain(words[1]);
  expect(hits).not.toContain(words[2]);
});

test('a picture finds itself surely, and not everything', () => {
  const picture = at(dogs, 0);
  const hits = found(picture, pictures);
  expect(hits[0]).toBe(picture);
  expect(byModel(picture, pictures.length)(picture, 1)).toBeGreaterThan(0.99);
  expect(hits.length).toBeLessThan(LIMIT);
  // Any two pictures have a higher cosine than most words and what they name.
  const mean = pictures.reduce((sum, each) => sum + cosine(picture, each), 0) / pictures.length;
  expect(mean).toBeGreaterThan(0.3);
});

test('weighted parts: what is added is found, what is pushed away is not', () => {
  const parts = [
    { vector: textVector('castle'), weight: 1 },
    { vector: textVector('dog'), weight: -0.5 },
  ];
  const hits = found(combineParts(parts, DIMENSION), pictures);
  const castle = present.find(({ text }) => text === 'castle');
  expect(hits).toContain(castle?.picture);
  expect(hits.some((hit) => dogs.includes(hit as Float32Array<ArrayBuffer>))).toBe(false);
});
