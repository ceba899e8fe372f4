/** `Lens.reembed`: the store's worker reads and writes, the page encodes. */
import { PhotoglotError, toPhotoglotError } from '../errors';
import { answerQuestions } from '../protocol/question-channel';
import type {
  EncodeAnswer,
  EncodeQuestion,
  ReembedReport,
  StoreContract,
} from '../protocol/store-contract';
import type { ReembedOptions } from './api';
import { encodeItems, type NewItem } from './encode-items';
import type { Encoders } from './encoders';
import { failureKind } from './item-failure';
import { textOf } from './parse-item';
import type { WorkerLink } from './worker-link';

type Item = EncodeQuestion['items'][number];
type Result = EncodeAnswer['results'][number];

export async function reembed(
  { store, encoders }: { readonly store: WorkerLink<StoreContract>; readonly encoders: Encoders },
  collection: string,
  { signal, onProgress, discardLeft = false, encryption }: ReembedOptions,
): Promise<ReembedReport> {
  const { model, dimension, batch } = encoders;
  const summaries = await store.call('collections', null, { signal });
  const existing = summaries.find(({ name }) => name === collection);
  if (existing?.model === model) return { reembedded: 0, left: [] };
  // An end that comes from elsewhere, such as a crash of the store, stops the encoding, too.
  const end = new AbortController();
  const running = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
  const { port1, port2 } = new MessageChannel();
  answerQuestions(port1, answerer({ encoders, signal: running, collection, discardLeft }));
  try {
    const task = { collection, model, dimension, batch: Math.max(1, batch) };
    const args = { ...task, port: port2, encryption: encryption ?? null };
    return await store.call('reembed', args, { signal, onProgress, transfer: [port2] });
  } finally {
    port1.close();
    end.abort();
  }
}

/** Encodes what it is asked for; the question without items that ends all it answers with leave or refusal. */
function answerer({
  encoders,
  signal,
  collection,
  discardLeft,
}: {
  readonly encoders: Encoders;
  readonly signal: AbortSignal;
  readonly collection: string;
  readonly discardLeft: boolean;
}): (question: EncodeQuestion) => Promise<EncodeAnswer> {
  let [asked, left] = [0, 0];
  return async (question) => {
    const { items } = question;
    const isRefused = left > 0 && !discardLeft;
    if (items.length === 0) {
      if (isRefused) throw someLeft(collection, left, asked);
      return { vectors: new Float32Array(0), results: [] };
    }
    asked += items.length;
    if (isRefused) {
      // Nothing comes of it any more: the rest is only counted.
      left += items.filter((item) => inputOf(item) === null).length;
      return { vectors: new Float32Array(0), results: items.map(notTried) };
    }
    const answer = await encode(question, encoders, signal);
    left += answer.results.filter(({ ok }) => !ok).length;
    return answer;
  };
}

function someLeft(collection: string, left: number, total: number): PhotoglotError {
  return new PhotoglotError(
    'invalid-input',
    `At least ${left} of the ${total} items of "${collection}" cannot be encoded anew, for want of an ` +
      'original that can be decoded, or of a text; the collection is as it was. Export it, and go on ' +
      'without them by `discardLeft: true`, or give them originals first.',
  );
}

function notTried(): Result {
  return { ok: false, code: 'aborted', message: 'It was not tried, as others cannot be encoded.' };
}

/** Rejects for what is no fault of an item's own: that must not cost the collection any. */
async function encode(
  { items }: EncodeQuestion,
  encoders: Encoders,
  signal: AbortSignal,
): Promise<EncodeAnswer> {
  const inputs = items.map(inputOf);
  const good = inputs.filter((input) => input !== null);
  const encoded = await encodeItems(good, {
    encoders,
    // Thumbnails are there.
    pictures: { priority: 'index', signal, patches: null, thumbnail: 0 },
    signals: [],
  });
  const outcomes = new Map(good.map((input, index) => [input, encoded[index]]));
  const vectors: Float32Array[] = [];
  const results = inputs.map((input): Result => {
    const outcome = input === null ? nothingToEncode() : outcomes.get(input);
    if (outcome === undefined) throw new PhotoglotError('internal', 'The encoder gave no result.');
    if (outcome.ok) {
      vectors.push(outcome.vector);
      return { ok: true };
    }
    const { code, message } = toPhotoglotError(outcome.error);
    if (input !== null && failureKind(code) !== 'item') throw outcome.error;
    return { ok: false, code, message };
  });
  const rows = new Float32Array(vectors.length * encoders.dimension);
  vectors.forEach((vector, row) => rows.set(vector, row * encoders.dimension));
  return { vectors: rows, results };
}

/** What is encoded of an item: its picture, or else its text; null when neither is there. */
function inputOf({ id, fields, original, isPicture }: Item): NewItem | null {
  const text = fields.text ?? textOf(fields);
  if (original === null && (isPicture || text.trim() === '')) return null;
  const item = { id, fields, meta: {}, vector: null, image: original };
  return {
    id,
    item: { ...item, input: { id }, text: original === null ? text : null },
    file: original,
  };
}

function nothingToEncode() {
  const message = 'Neither its original nor a text of it is in the collection.';
  return { ok: false, error: new PhotoglotError('not-found', message) } as const;
}
