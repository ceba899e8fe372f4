/** `Collection.add`: a pipeline in which the next items are prepared while others are encoded. */
import type { PhotoglotError } from '../errors';
import type { StoredItem, TextFields } from '../protocol/store-contract';
import type { AddContext } from './add-context';
import { AddReport } from './add-report';
import type { AddOptions, AddResult, ItemInput } from './api';
import { encodeAndStore } from './encode-and-store';
import type { Encoded, NewItem, RoughItem } from './encode-items';
import { prepareItems } from './prepare-items';
import { refineItems } from './refine-items';
import { Setbacks } from './setbacks';
import { twice } from './twice';

/** Pixels of a stored thumbnail's longest side. */
const THUMBNAIL_SIDE = 320;
/** Items with ready vectors that are stored at a time: there is nothing to encode, so a transaction is what they cost. */
const READY_RUN = 1024;

export function addItems(
  context: AddContext,
  items: Iterable<Blob | ItemInput>,
  options: AddOptions,
): Promise<AddResult> {
  const inputs = [...items];
  return new AddRun(context, inputs.length, options).run(inputs);
}

class AddRun {
  readonly #context: AddContext;
  readonly #report: AddReport;
  readonly #signal: AbortSignal | undefined;
  readonly #isQuick: boolean;
  readonly #setbacks = new Setbacks();
  /** For the second pass: handles of files, no pixels. */
  readonly #rough: RoughItem[] = [];

  constructor(
    context: AddContext,
    total: number,
    { signal, onProgress, quick = false }: AddOptions,
  ) {
    this.#context = context;
    this.#report = new AddReport(total, onProgress);
    this.#signal = signal;
    this.#isQuick = quick;
  }

  async run(inputs: readonly (Blob | ItemInput)[]): Promise<AddResult> {
    const [report, setbacks, signal] = [this.#report, this.#setbacks, this.#signal];
    const { encoders } = this.#context;
    const patches = this.#isQuick ? encoders.quickPatches : null;
    await encodeAndStore(this.#batches(inputs), {
      encoders,
      pictures: { priority: 'index', signal, patches, thumbnail: THUMBNAIL_SIDE },
      signals: this.#context.keepSignals,
      setbacks,
      store: (batch, results) => this.#store(batch, results, patches !== null),
    });
    const priority = this.#isQuick ? 'idle' : 'index';
    await refineItems(this.#context, this.#rough, { report, setbacks, priority, signal });
    report.progress();
    return report.result();
  }

  /** New items, as many at a time as index fastest; those with ready vectors apart, many at a time. */
  async *#batches(inputs: readonly (Blob | ItemInput)[]): AsyncGenerator<readonly NewItem[], void> {
    const { collection, encoders, store } = this.#context;
    const size = Math.max(1, encoders.batch);
    const prepare = {
      dimension: encoders.dimension,
      report: this.#report,
      signal: this.#signal,
      seen: new Set<string>(),
      details: (ids: readonly string[]) =>
        twice(() => store.call('details', { collection, ids }, { signal: this.#signal })),
    };
    let waiting: NewItem[] = [];
    for (const { some, isReady } of this.#runs(inputs, size)) {
      const { obstacle } = this.#setbacks;
      if (obstacle !== null) {
        for (const input of some) this.#report.failed(input, obstacle);
      } else {
        const { fresh, rough } = await prepareItems(some, prepare);
        if (isReady) {
          // In the order of the inputs.
          if (waiting.length > 0) yield waiting;
          waiting = [];
          if (fresh.length > 0) yield fresh;
        } else waiting.push(...fresh);
        for (const item of rough) this.#refineLater(item, true);
      }
      this.#report.progress();
      while (waiting.length >= size) {
        yield waiting.slice(0, size);
        waiting = waiting.slice(size);
      }
    }
    if (waiting.length > 0) yield waiting;
  }

  /** The inputs in their order. */
  *#runs(
    inputs: readonly (Blob | ItemInput)[],
    size: number,
  ): Generator<{ readonly some: readonly (Blob | ItemInput)[]; readonly isReady: boolean }, void> {
    const isReadyAt = (index: number): boolean => {
      const input = inputs[index];
      return input !== undefined && isReady(input, this.#context.keepSignals.length > 0);
    };
    for (let first = 0; first < inputs.length;) {
      const isReady = isReadyAt(first);
      const most = Math.min(inputs.length, first + (isReady ? READY_RUN : size));
      let end = first + 1;
      while (end < most && isReadyAt(end) === isReady) end++;
      yield { some: inputs.slice(first, end), isReady };
      first = end;
    }
  }

  async #store(
    batch: readonly NewItem[],
    results: readonly Encoded[],
    isFirstPass: boolean,
  ): Promise<void> {
    const { dimension } = this.#context.encoders;
    const rows: { readonly each: NewItem; readonly stored: StoredItem }[] = [];
    const vectors = new Float32Array(batch.length * dimension);
    batch.forEach((each, index) => {
      const result = results[index];
      if (result?.ok === true) {
        vectors.set(result.vector, rows.length * dimension);
        rows.push({ each, stored: this.#storedItem(each, result, isFirstPass) });
        this.#report.missing(result.missing);
      } else if (result !== undefined) {
        this.#report.failed(each.item.input, result.error);
      }
    });
    if (rows.length > 0) {
      const items = rows.map(({ stored }) => stored);
      const failure = await this.#put(items, vectors.slice(0, rows.length * dimension));
      for (const { each, stored } of rows) {
        if (failure !== null) this.#report.failed(each.item.input, failure);
        else {
          this.#report.added(each.id);
          if (stored.rough === true) this.#refineLater(each, false);
        }
      }
    }
    this.#report.progress();
  }

  /** Null when the items are stored. Even if the signal fires now: the work is done. */
  async #put(
    items: readonly StoredItem[],
    vectors: Float32Array<ArrayBuffer>,
  ): Promise<PhotoglotError | null> {
    const { collection, store, encoders } = this.#context;
    const { model } = encoders;
    try {
      await twice(() => store.call('put', { collection, model, items, vectors }));
      return null;
    } catch (thrown) {
      return this.#setbacks.writing(thrown);
    }
  }

  #storedItem(
    { id, item, file }: NewItem,
    { thumbnail, signals }: Extract<Encoded, { ok: true }>,
    isFirstPass: boolean,
  ): StoredItem {
    const original = this.#context.keepOriginals ? file : null;
    // A vector that came with the picture is as good as it gets.
    const rough = isFirstPass && file !== null && item.vector === null;
    const { meta, fields } = item;
    return { id, meta, fields, thumbnail, original, signals, rough };
  }

  #refineLater(item: NewItem, known: boolean): void {
    this.#rough.push({ ...item, known });
    this.#report.waiting();
  }
}

/** Whether nothing of the item has to be encoded. @param keepsSignals whether its text is, if it has one */
function isReady(input: Blob | ItemInput, keepsSignals: boolean): boolean {
  if (input instanceof Blob || input.vector === undefined || input.image !== undefined)
    return false;
  return !keepsSignals || (input.text === undefined && isEmpty(input.fields ?? {}));
}

function isEmpty(fields: TextFields): boolean {
  return Object.keys(fields).length === 0;
}
