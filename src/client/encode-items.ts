/** Encodes a batch of items: pictures, texts and ready vectors. */
import { lengthOf } from '../core/normalise';
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { ItemSignals } from '../protocol/store-contract';
import type { EncodePicturesOptions, Encoders, TextSignal } from './encoders';
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
      /** Of its text; null where none are kept, or it has no text. */
      readonly signals: ItemSignals | null;
      /** Pieces of its text, or of those beside it, that counted as unknown. */
      readonly missing: readonly string[];
    }
  | { readonly ok: false; readonly error: PhotoglotError };

/** With what, and how. */
export interface EncodePass {
  readonly encoders: Encoders;
  /** Of pictures; texts have no passes. */
  readonly pictures: Required<EncodePicturesOptions>;
  /** What is kept of texts, those beside pictures and vectors included, besides the vectors. */
  readonly signals: readonly TextSignal[];
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

const encodePictures: EncodeSome = async (items, pass) => {
  const { encoders } = pass;
  const { vectors, results } = await encoders.encodePictures(
    items.flatMap(({ file }) => (file === null ? [] : { kind: 'blob' as const, blob: file })),
    pass.pictures,
  );
  const good = items.filter((_, index) => results[index]?.ok);
  const texts = await encodeBesides(good, pass);
  return results.map((result, index) => {
    if (!result.ok) return { ok: false, error: new PhotoglotError(result.code, result.message) };
    // A vector that came with the picture wins; the picture still gets its thumbnail.
    const item = items[index];
    const given = item?.item.vector;
    const row = result.row * encoders.dimension;
    const vector = given ?? vectors.data.subarray(row, row + encoders.dimension);
    return checked(vector, result.thumbnail, item && texts.get(item));
  });
};

const encodeOthers: EncodeSome = async (items, pass) => {
  const given = items.filter(({ item }) => item.vector !== null);
  const texts = new Map([
    ...(await encodeBesides(given, pass)),
    ...(await encodeTexts(
      items.filter(({ item }) => item.vector === null),
      pass,
    )),
  ]);
  return items.map((each) => {
    const text = texts.get(each);
    return checked(each.item.vector ?? text?.vector ?? new Float32Array(0), null, text);
  });
};

/** What the model says of an item's text. */
interface EncodedItemText {
  readonly vector: Float32Array;
  readonly signals: ItemSignals | null;
  readonly missing: readonly string[];
}

type EncodedTexts = ReadonlyMap<NewItem, EncodedItemText>;

/** The texts of items that have their vectors from elsewhere: read only if something of them is kept. */
async function encodeBesides(items: readonly NewItem[], pass: EncodePass): Promise<EncodedTexts> {
  if (pass.signals.length === 0) return new Map();
  return encodeTexts(
    items.filter((each) => textOfItem(each).trim() !== ''),
    pass,
  );
}

async function encodeTexts(
  items: readonly NewItem[],
  { encoders, pictures: { signal }, signals }: EncodePass,
): Promise<EncodedTexts> {
  if (items.length === 0) return new Map();
  const texts = items.map(textOfItem);
  const priority = 'index';
  if (signals.length === 0) {
    const { data, missing } = await encoders.encodeTexts(texts, { priority, signal });
    const { dimension } = encoders;
    return new Map(
      items.map((item, index) => {
        const vector = data.subarray(index * dimension, (index + 1) * dimension);
        return [item, { vector, signals: null, missing }];
      }),
    );
  }
  const [sparse, colbert] = [signals.includes('sparse'), signals.includes('colbert')];
  const batch = { texts, sparse, colbert, maxTokens: null, overlap: null, priority } as const;
  const outputs = await encoders.encodeFully(batch, { signal });
  return new Map(
    items.flatMap((item, index) => {
      const output = outputs[index];
      if (output === undefined) return [];
      const { dense, missing } = output;
      const kept = { sparse: output.sparse, colbert: output.colbert };
      return [[item, { vector: dense, signals: kept, missing }] as const];
    }),
  );
}

function textOfItem({ item: { text, fields } }: NewItem): string {
  return text ?? textOf(fields);
}

/** One row that is no unit vector must not keep the rest of its batch out of the store. */
function checked(
  vector: Float32Array,
  thumbnail: Blob | null,
  text: Omit<EncodedItemText, 'vector'> | undefined,
): Encoded {
  const length = lengthOf(vector);
  if (Math.abs(length - 1) < 1e-3) {
    return {
      ok: true,
      vector,
      thumbnail,
      signals: text?.signals ?? null,
      missing: text?.missing ?? [],
    };
  }
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
