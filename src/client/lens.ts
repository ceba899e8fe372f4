/** The object that `createLens` resolves to. */
import type { EncodedRows, EncodedText } from '../protocol/tower-contract';
import type { IntegrityReport } from '../protocol/integrity';
import type { Rows } from '../protocol/rows';
import type { CollectionSummary, ReembedReport, StoreContract } from '../protocol/store-contract';
import type {
  CallOptions,
  Collection,
  EncodeTextOptions,
  ImageSource,
  ImportCollectionOptions,
  IntegrityOptions,
  KeyChange,
  Lens,
  LensInfo,
  OpenOptions,
  ReembedOptions,
} from './api';
import { capabilities } from './capabilities';
import type { Capabilities } from './capability-report';
import { disposedError } from './disposed-error';
import { embedImages, embedTexts } from './embed';
import { encodeTexts } from './encode-text';
import type { Encoders } from './encoders';
import { importCollection } from './import-collection';
import type { LensModel } from './lens-model';
import { openCollection } from './open-collection';
import { reembed } from './reembed';
import type { TowerPair } from './tower-pair';
import type { WorkerLink } from './worker-link';

/** The store's helpers are gone in a tenth of it. */
const ENDING_MS = 1000;

/** What a lens is made of. */
export interface LensParts {
  readonly info: LensInfo;
  readonly encoders: Encoders;
  readonly store: WorkerLink<StoreContract>;
  readonly towers: Pick<TowerPair, 'warmUp' | 'unload' | 'dispose'>;
  readonly model: Pick<LensModel, 'release'>;
}

export class LocalLens implements Lens {
  readonly info: LensInfo;
  readonly #parts: LensParts;

  constructor(parts: LensParts) {
    this.info = parts.info;
    this.#parts = parts;
  }

  embedText(texts: readonly string[], { signal }: CallOptions = {}): Promise<EncodedRows> {
    return embedTexts(this.#parts.encoders, texts, signal);
  }

  encodeText(
    texts: readonly string[],
    options: EncodeTextOptions = {},
  ): Promise<readonly EncodedText[]> {
    return encodeTexts(this.#parts.encoders, texts, options);
  }

  embedImage(images: readonly ImageSource[], { signal }: CallOptions = {}): Promise<Rows> {
    return embedImages(this.#parts.encoders, images, signal);
  }

  open(name: string, options: OpenOptions = {}): Promise<Collection> {
    const { encoders, store } = this.#parts;
    return openCollection({ name, encoders, store }, options);
  }

  collections(): Promise<readonly CollectionSummary[]> {
    return this.#parts.store.call('collections', null);
  }

  drop(name: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#parts.store.call('drop', { collection: name }, { signal });
  }

  changeKey(name: string, { from, to }: KeyChange, { signal }: CallOptions = {}): Promise<void> {
    return this.#parts.store.call('changeKey', { collection: name, from, to }, { signal });
  }

  verify(name: string, options: IntegrityOptions = {}): Promise<IntegrityReport> {
    const { repair = false, encryption = null, signal, onProgress } = options;
    const args = { collection: name, repair, encryption };
    return this.#parts.store.call('verify', args, { signal, onProgress });
  }

  reembed(name: string, options: ReembedOptions = {}): Promise<ReembedReport> {
    return reembed(this.#parts, name, options);
  }

  importCollection(
    name: string,
    file: Blob | ReadableStream<Uint8Array>,
    options: ImportCollectionOptions = {},
  ): Promise<CollectionSummary> {
    return importCollection(this.#parts.store, { name, file }, options);
  }

  warmUp({ signal }: CallOptions = {}): Promise<void> {
    return this.#parts.towers.warmUp(signal);
  }

  unload(): Promise<void> {
    return this.#parts.towers.unload();
  }

  capabilities(): Promise<Capabilities> {
    return capabilities();
  }

  dispose(): Promise<void> {
    this.#parts.towers.dispose();
    this.#parts.store.dispose(disposedError(), ENDING_MS);
    this.#parts.model.release();
    return Promise.resolve();
  }
}
