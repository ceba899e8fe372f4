/** `Collection.add`: a pipeline in which the next items are prepared while others are encoded. */
import type { PhotoglotError } from '../errors';
import type { StoredItem } from '../protocol/store-contract';
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
      setbacks,
      store: (batch, results) => this.#store(batch, results, patches !== null),
    });
    const priority = this.#isQuick ? 'idle' : 'index';
    await refineItems(this.#context, this.#rough, { report, setbacks, priority, signal });
    report.progress();
    return report.result();
  }

  /** New items, as many at a time as index fastest. */
  async *#batches(inputs: readonly (Blob | ItemInput)[]): AsyncGenerator<NewItem[], void> {
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
    for (let first = 0; first < inputs.length; first += size) {
      const some = inputs.slice(first, first + size);
      const { obstacle } = this.#setbacks;
      if (obstacle !== null) {
        for (const input of some) this.#report.failed(input, obstacle);
      } else {
        const { fresh, rough } = await prepareItems(some, prepare);
        waiting.push(...fresh);
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
        rows.push({ each, stored: this.#storedItem(each, result.thumbnail, isFirstPass) });
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
    thumbnail: Blob | null,
    isFirstPass: boolean,
  ): StoredItem {
    const original = this.#context.keepOriginals ? file : null;
    // A vector that came with the picture is as good as it gets.
    const rough = isFirstPass && file !== null && item.vector === null;
    return { id, meta: item.meta, fields: item.fields, thumbnail, original, rough };
  }

  #refineLater(item: NewItem, known: boolean): void {
    this.#rough.push({ ...item, known });
    this.#report.waiting();
  }
}
