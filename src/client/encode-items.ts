/** Encodes a batch of items: pictures, texts and ready vectors. */
import { lengthOf } from '../core/normalise';
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { EncodePicturesOptions, Encoders } from './encoders';
import { failureKind } from './item-failure';
import { textOf, type ParsedItem } from './parse-item';

/** An item that is new, with its picture as a file. */
export interface NewItem {
  readonly id: string;
  readonly item: ParsedItem;
  readonly file: Blob | null;
}

/** An item with a picture, in the collection with a vector that is to be replaced. */
export interface RoughItem extends NewItem {
  /** An earlier `add` left it so. */
  readonly known: boolean;
}

/** What became of an item. */
export type Encoded =
  | {
      readonly ok: true;
      readonly vector: Float32Array;
      readonly thumbnail: Blob | null;
      /** Pieces of its text, or of those beside it, that counted as unknown. */
      readonly missing: readonly string[];
    }
  | { readonly ok: false; readonly error: PhotoglotError };

/** With what, and how. */
export interface EncodePass {
  readonly encoders: Encoders;
  /** Of pictures; texts have no passes. */
  readonly pictures: Required<EncodePicturesOptions>;
}

type EncodeSome = (items: readonly NewItem[], pass: EncodePass) => Promise<Encoded[]>;

/**
 * One outcome per item, in order. A batch that fails as a whole is tried again item by item, so
 * that one that brings the encoder down fails alone. Rejects only when the call is to end.
 */
export async function encodeItems(items: readonly NewItem[], pass: EncodePass): Promise<Encoded[]> {
  const pictures = items.filter(({ file }) => file !== null);
  const others = items.filter(({ file }) => file === null);
  const [pictureResults, otherResults] = await Promise.all([
    encodeRobustly(encodePictures, pictures, pass),
    encodeRobustly(encodeOthers, others, pass),
  ]);
  const results = new Map<NewItem, Encoded>();
  pictures.forEach((item, index) => setResult(results, item, pictureResults[index]));
  others.forEach((item, index) => setResult(results, item, otherResults[index]));
  return items.map((item) => results.get(item) ?? noAnswer());
}

async function encodeRobustly(
  encode: EncodeSome,
  items: readonly NewItem[],
  pass: EncodePass,
): Promise<Encoded[]> {
  if (items.length === 0) return [];
  try {
    return await encode(items, pass);
  } catch (thrown) {
    const error = toPhotoglotError(thrown);
    const kind = failureKind(error.code);
    if (kind === 'end') throw error;
    if (items.length === 1 || kind === 'obstacle') return items.map(() => ({ ok: false, error }));
  }
  const results: Encoded[] = [];
  for (const item of items) {
    results.push(...(await encodeRobustly(encode, [item], pass)));
  }
  return results;
}

const encodePictures: EncodeSome = async (items, { encoders, pictures }) => {
  const { vectors, results } = await encoders.encodePictures(
    items.flatMap(({ file }) => (file === null ? [] : { kind: 'blob' as const, blob: file })),
    pictures,
  );
  return results.map((result, index) => {
    if (!result.ok) return { ok: false, error: new PhotoglotError(result.code, result.message) };
    // A vector that came with the picture wins; the picture still gets its thumbnail.
    const given = items[index]?.item.vector;
    const row = result.row * encoders.dimension;
    const vector = given ?? vectors.data.subarray(row, row + encoders.dimension);
    return checked(vector, result.thumbnail);
  });
};

const encodeOthers: EncodeSome = async (items, { encoders, pictures: { signal } }) => {
  const texts = items.flatMap(({ item }) =>
    item.vector === null ? (item.text ?? textOf(item.fields)) : [],
  );
  const rows =
    texts.length === 0 ? null : await encoders.encodeTexts(texts, { priority: 'index', signal });
  let start = 0;
  return items.map(({ item }) => {
    if (item.vector !== null)
      return { ok: true, vector: item.vector, thumbnail: null, missing: [] };
    const end = start + encoders.dimension;
    const vector = rows?.data.subarray(start, end) ?? new Float32Array(0);
    start = end;
    return checked(vector, null, rows?.missing);
  });
};

/** One row that is no unit vector must not keep the rest of its batch out of the store. */
function checked(
  vector: Float32Array,
  thumbnail: Blob | null,
  missing: readonly string[] = [],
): Encoded {
  const length = lengthOf(vector);
  if (Math.abs(length - 1) < 1e-3) return { ok: true, vector, thumbnail, missing };
  const message = `The model gave a vector of length ${length} instead of 1.`;
  return { ok: false, error: new PhotoglotError('session-failed', message) };
}

function setResult(
  results: Map<NewItem, Encoded>,
  item: NewItem,
  result: Encoded | undefined,
): void {
  if (result !== undefined) results.set(item, result);
}

function noAnswer(): Encoded {
  return { ok: false, error: new PhotoglotError('internal', 'The encoder gave no result.') };
}
