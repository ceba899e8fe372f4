/** A collection on this machine: items in the store's worker, vectors by the model's encoders. */
import { checkFields, checkMeta } from '../core/check-meta';
import { untilAborted } from '../core/until-aborted';
import { PhotoglotError } from '../errors';
import type { ArgsOf, ResultOf } from '../protocol/contract-types';
import type {
  ItemRecord,
  Meta,
  StoreContract,
  TextFields,
  VectorImportReport,
} from '../protocol/store-contract';
import type { AddContext } from './add-context';
import { addItems } from './add-items';
import type {
  AddOptions,
  AddResult,
  Collection,
  ExportOptions,
  ImportVectorsOptions,
  ItemInput,
  NpyFiles,
  Query,
  SearchOptions,
  SearchResult,
  SearchUpdate,
  VectorFiles,
} from './api';
import { exportFile, exportNpy } from './export-collection';
import { importVectors } from './import-vectors';
import { searchCollection, streamSearch, type SearchContext } from './search-collection';

/** The methods that concern one collection. */
type Method = Exclude<keyof StoreContract, 'open' | 'collections'>;

export class LocalCollection implements Collection {
  readonly name: string;
  readonly #context: AddContext;

  constructor(context: AddContext) {
    this.name = context.collection;
    this.#context = context;
  }

  async add(items: Iterable<Blob | ItemInput>, options: AddOptions = {}): Promise<AddResult> {
    if (!isIterable(items)) {
      throw new PhotoglotError(
        'invalid-input',
        'add expects an iterable of files or items: put a single one into an array.',
      );
    }
    return untilAborted(addItems(this.#context, items, options), options.signal);
  }

  async search(query: Query, options: SearchOptions = {}): Promise<SearchResult> {
    return searchCollection(this.#searched(), query, options);
  }

  searchStream(query: Query, options: SearchOptions = {}): AsyncIterable<SearchUpdate> {
    return streamSearch(this.#searched(), query, options);
  }

  get(id: string): Promise<ItemRecord | null> {
    return this.#call('get', { id });
  }

  original(id: string): Promise<Blob | null> {
    return this.#call('original', { id });
  }

  thumbnail(id: string): Promise<Blob | null> {
    return this.#call('thumbnail', { id });
  }

  vector(id: string): Promise<Float32Array | null> {
    return this.#call('vector', { id });
  }

  async update(
    id: string,
    { meta, fields }: { readonly meta?: Meta; readonly fields?: TextFields },
  ): Promise<boolean> {
    if (meta !== undefined) checkMeta(meta);
    if (fields !== undefined) checkFields(fields);
    return this.#call('update', { id, meta: meta ?? null, fields: fields ?? null });
  }

  delete(ids: string | readonly string[]): Promise<number> {
    return this.#call('delete', { ids: typeof ids === 'string' ? [ids] : ids });
  }

  importVectors(files: VectorFiles, options: ImportVectorsOptions): Promise<VectorImportReport> {
    return importVectors(this.#context, files, options);
  }

  export(options: ExportOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#exportFile('portable', options);
  }

  exportJsonl(options: ExportOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#exportFile('jsonl', options);
  }

  exportParquet(options: ExportOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#exportFile('parquet', options);
  }

  exportNpy(options: ExportOptions = {}): NpyFiles {
    return exportNpy(this.#context, options);
  }

  clear(): Promise<void> {
    return this.#call('clear', {});
  }

  count(): Promise<number> {
    return this.#call('count', {});
  }

  ids(): Promise<readonly string[]> {
    return this.#call('ids', {});
  }

  #searched(): SearchContext {
    const { collection, encoders, store } = this.#context;
    return { collection, encoders, store, thumbnail: (id) => this.thumbnail(id) };
  }

  #exportFile(
    format: 'portable' | 'jsonl' | 'parquet',
    options: ExportOptions,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { collection, store } = this.#context;
    return exportFile({ store, collection, format }, options);
  }

  #call<Name extends Method>(
    method: Name,
    rest: Omit<ArgsOf<StoreContract[Name]>, 'collection'>,
    signal?: AbortSignal,
  ): Promise<ResultOf<StoreContract[Name]>> {
    const { collection, store } = this.#context;
    const args = { collection, ...rest } as ArgsOf<StoreContract[Name]>;
    return store.call(method, args, { signal });
  }
}

/** Callers without types pass anything. A string is iterable, but never meant. */
function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
