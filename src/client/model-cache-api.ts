/** The public shapes of the model cache, which is of use without a lens, too. */
import type { ModelManifest } from '../models/manifest';
import type {
  CachedModel,
  CacheUsage,
  DeliveryProgress,
  FileListing,
  Integrity,
  VerifyProgress,
  VerifyReport,
} from '../protocol/delivery-contract';
import type { CallOptions, DeviceOption, DtypeOption } from './api';
import type { PauseController } from './pause-controller';

/** How a model's files come here, and how they are judged. */
export interface DeliveryOptions {
  /** Folders with the same files on other hosts, tried in turn when the first fails. @default none */
  readonly mirrors?: readonly (string | URL)[];
  /**
   * Files whose SHA-256 the manifest does not tell are refused, or, with `first-use`, accepted when
   * they come for the first time; their digest is recorded then, and enforced afterwards.
   * @default 'required'
   */
  readonly integrity?: 'required' | 'first-use';
  /**
   * Raw Ed25519 public key in base64: only a manifest that is signed with its private key is used.
   * @default no signature is asked for
   */
  readonly publicKey?: string;
  /**
   * `memory` keeps nothing beyond the page, as private windows and refused storage do anyway.
   * @default 'persistent'
   */
  readonly storage?: 'persistent' | 'memory';
  /** Halts the download, and goes on with it. @default it cannot be halted */
  readonly pause?: PauseController;
}

export interface DownloadOptions extends DeliveryOptions, CallOptions {
  /**
   * Folder that serves `models/`, for a model that is given by name, and `ort/`, by which `auto` finds
   * the faster device. @default the page's base URL
   */
  readonly assets?: string | URL;
  /** Only what a lens would need that is created with the same `device`, `dtype` and `languages`. @default 'auto' */
  readonly device?: DeviceOption;
  /** @default the best that the device runs */
  readonly dtype?: DtypeOption;
  /** @default all */
  readonly languages?: readonly string[];
  /** Names of the files that are wanted, whatever the device. @default what a lens would need; all of a listing */
  readonly files?: readonly string[];
  readonly onProgress?: (progress: DeliveryProgress) => void;
}

/** A model whose files are here. */
export interface DownloadedModel {
  /** Identity among the models that are kept. */
  readonly key: string;
  readonly id: string;
  readonly version: string;
  /** Null for a listing. */
  readonly manifest: ModelManifest | null;
  /** Verified content by name: handles on what is stored, which cost no memory until they are read. */
  readonly files: Readonly<Record<string, Blob>>;
  readonly integrity: Integrity;
  /** Whether they are kept for the next time. */
  readonly stored: boolean;
  /** Bytes that came over the network this time. */
  readonly downloaded: number;
}

/** The models that the browser keeps for this origin. All tabs share them. */
export interface ModelCache {
  /**
   * Brings what a lens would need of a model, or the files of a listing; what is kept is not
   * fetched again, and what was interrupted goes on where it stopped.
   *
   * Rejects with `network`, `integrity`, `signature-invalid`, `manifest-invalid`,
   * `unsupported-format-version`, `quota-exceeded` or `storage`; with `model-not-found` for a name
   * that is none, `backend-unavailable` for a device or number format that the model does not have,
   * `invalid-input` for a wrong argument; with `worker-crashed`, `aborted` or `disposed`.
   */
  download(model: string | URL | FileListing, options?: DownloadOptions): Promise<DownloadedModel>;
  /** What is kept, completely or in part; most recently used first. */
  list(options?: CallOptions): Promise<readonly CachedModel[]>;
  /**
   * Reads all bytes of a model again and compares their digests; what is damaged is dropped. Rejects
   * with `not-found` when no such model is kept.
   */
  verify(
    key: string,
    options?: CallOptions & { readonly onProgress?: (progress: VerifyProgress) => void },
  ): Promise<VerifyReport>;
  /** Deletes a model; false when there is none. Rejects with `in-use` while a page has it loaded. */
  delete(key: string, options?: CallOptions): Promise<boolean>;
  usage(options?: CallOptions): Promise<CacheUsage>;
  /** Ends the worker; pending calls reject with `disposed`. */
  dispose(): void;
}
