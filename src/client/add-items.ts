/** `Collection.add`: a pipeline in which the next items are prepared while others are encoded. */
import { toPhotoglotError, type PhotoglotError } from '../errors';
import type { StoreContract, StoredItem } from '../protocol/store-contract';
import { AddReport } from './add-report';
import type { AddOptions, AddResult, ItemInput } from './api';
import { encodeItems, type Encoded, type NewItem } from './encode-items';
import type { Encoders } from './encoders';
import { failureKind } from './item-failure';
import { prepareItems } from './prepare-items';
import type { WorkerLink } from './worker-link';

/** So many in a row bring the encoder down: it is not the items. */
const MAX_BREAKDOWNS = 8;

export interface AddContext {
  readonly collection: string;
  readonly encoders: Encoders;
  readonly store: WorkerLink<StoreContract>;
  readonly keepOriginals: boolean;
}

export function addItems(
  context: AddContext,
  items: Iterable<Blob | ItemInput>,
  { signal, onProgress }: AddOptions,
): Promise<AddResult> {
  const inputs = [...items];
  return new AddRun(context, new AddReport(inputs.length, onProgress), signal).run(inputs);
}

class AddRun {
  readonly #context: AddContext;
  readonly #report: AddReport;
  readonly #signal: AbortSignal | undefined;
  /** Why nothing more can be added: the disk is full, say. All that is left fails with it. */
  #obstacle: PhotoglotError | null = null;
  #breakdowns = 0;

  constructor(context: AddContext, report: AddReport, signal: AbortSignal | undefined) {
    this.#context = context;
    this.#report = report;
    this.#signal = signal;
  }

  /**
   * Two batches are on their way at a time, so that the encoder finds the next one waiting. Each
   * is stored as soon as it is encoded, in the order of the inputs.
   */
  async run(inputs: readonly (Blob | ItemInput)[]): Promise<AddResult> {
    let stored: Promise<void> = Promise.resolve();
    for await (const batch of this.#batches(inputs)) {
      const previous = stored;
      const encoded = this.#encode(batch);
      stored = Promise.all([encoded, previous]).then(([results]) => this.#store(batch, results));
      // Looked at in the next round, or after the loop; if that is not reached, by nobody.
      stored.catch(() => undefined);
      await previous;
    }
    await stored;
    this.#report.progress();
    return this.#report.result();
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
      has: (ids: readonly string[]) =>
        twice(() => store.call('has', { collection, ids }, { signal: this.#signal })),
    };
    let waiting: NewItem[] = [];
    for (let first = 0; first < inputs.length; first += size) {
      const some = inputs.slice(first, first + size);
      if (this.#obstacle !== null) this.#failAll(some, this.#obstacle);
      else waiting.push(...(await prepareItems(some, prepare)));
      this.#report.progress();
      while (waiting.length >= size) {
        yield waiting.slice(0, size);
        waiting = waiting.slice(size);
      }
    }
    if (waiting.length > 0) yield waiting;
  }

  async #encode(batch: readonly NewItem[]): Promise<Encoded[]> {
    const error = this.#obstacle;
    if (error !== null) return batch.map(() => ({ ok: false, error }));
    const results = await encodeItems(batch, this.#context.encoders, this.#signal);
    for (const result of results) this.#watch(result);
    return results;
  }

  /** Sees an obstacle in a failure that is not the item's own. */
  #watch(result: Encoded): void {
    const kind = result.ok ? 'item' : failureKind(result.error.code);
    this.#breakdowns = kind === 'breakdown' ? this.#breakdowns + 1 : 0;
    if (result.ok) return;
    if (kind === 'obstacle' || this.#breakdowns >= MAX_BREAKDOWNS) this.#obstacle ??= result.error;
  }

  async #store(batch: readonly NewItem[], results: readonly Encoded[]): Promise<void> {
    const { dimension } = this.#context.encoders;
    const rows: { readonly each: NewItem; readonly stored: StoredItem }[] = [];
    const vectors = new Float32Array(batch.length * dimension);
    batch.forEach((each, index) => {
      const result = results[index];
      if (result?.ok === true) {
        vectors.set(result.vector, rows.length * dimension);
        rows.push({ each, stored: this.#storedItem(each, result.thumbnail) });
        this.#report.missing(result.missing);
      } else if (result !== undefined) {
        this.#report.failed(each.item.input, result.error);
      }
    });
    if (rows.length > 0) {
      const items = rows.map(({ stored }) => stored);
      const failure = await this.#put(items, vectors.slice(0, rows.length * dimension));
      for (const { each } of rows) {
        if (failure === null) this.#report.added(each.id);
        else this.#report.failed(each.item.input, failure);
      }
    }
    this.#report.progress();
  }

  /** Null when the items are stored. Even if the signal fires now: the work is done. */
  async #put(
    items: readonly StoredItem[],
    vectors: Float32Array<ArrayBuffer>,
  ): Promise<PhotoglotError | null> {
    const { collection, store } = this.#context;
    try {
      await twice(() => store.call('put', { collection, items, vectors }));
      return null;
    } catch (thrown) {
      const error = toPhotoglotError(thrown);
      const kind = failureKind(error.code);
      if (kind === 'end') throw error;
      if (kind !== 'item') this.#obstacle ??= error;
      return error;
    }
  }

  #storedItem({ id, item, file }: NewItem, thumbnail: Blob | null): StoredItem {
    const original = this.#context.keepOriginals ? file : null;
    return { id, meta: item.meta, fields: item.fields, thumbnail, original };
  }

  #failAll(inputs: readonly (Blob | ItemInput)[], error: PhotoglotError): void {
    for (const input of inputs) this.#report.failed(input, error);
  }
}

/** Calls a second time, in a new worker, when the store's worker died; both calls may have run. */
async function twice<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (thrown) {
    if (toPhotoglotError(thrown).code !== 'worker-crashed') throw thrown;
    return call();
  }
}
