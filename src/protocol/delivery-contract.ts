/** What the page asks of the worker that brings models: downloads, verifies, keeps and lists them. */
import type { CallContext } from './contract-types';

/** Where a model's files are, and how they are judged. */
export interface DeliverySource {
  /** Absolute URL of the folder with the manifest, ending in `/`; or the listing of a model without one. */
  readonly from: string | FileListing;
  /** Folders with the same files, tried in turn when the first fails; absolute, ending in `/`. */
  readonly mirrors: readonly string[];
  /** `first-use` accepts files without a digest, and enforces what their first download brought. */
  readonly integrity: 'required' | 'first-use';
  /** Raw Ed25519 public key in base64; null where manifests need no signature. */
  readonly publicKey: string | null;
  /** `memory` keeps nothing beyond the page. */
  readonly storage: 'persistent' | 'memory';
}

/** A model that has no manifest, file by file. */
export interface FileListing {
  readonly id: string;
  /** Vectors of different versions do not share a space. */
  readonly version: string;
  /** URL of the folder that the names are relative to; may be relative to the page. */
  readonly url: string;
  /** By name. What is not known may be left out; without `sha256` it needs `integrity: 'first-use'`. */
  readonly files: Readonly<
    Record<
      string,
      {
        /** Bytes. */
        readonly size?: number;
        /** Lower-case hex digest of the whole file. */
        readonly sha256?: string;
        /** Digests of consecutive pieces of `size` bytes: then a wrong byte costs one piece. */
        readonly chunks?: { readonly size: number; readonly sha256: readonly string[] };
      }
    >
  >;
}

/** One file on its way. */
export interface FileProgress {
  readonly name: string;
  /** Bytes that are there. */
  readonly loaded: number;
  /** Bytes; null until a server tells. */
  readonly total: number | null;
  /** `cache` when nothing of it has to be fetched any more. */
  readonly from: 'network' | 'cache';
}

/** All files of a model together. `loaded` never goes back, but for a file that has to start anew. */
export interface DeliveryProgress {
  readonly state: 'downloading' | 'paused' | 'waiting-for-other-tab';
  readonly loaded: number;
  /** Bytes; of the files whose size is known. */
  readonly total: number;
  /** Bytes per second over the last seconds; 0 until known. */
  readonly rate: number;
  /** Seconds; null until known. */
  readonly remaining: number | null;
  readonly files: readonly FileProgress[];
}

/** How the bytes of a model were judged: by a manifest's digests, by a signed manifest's, or by what came first. */
export type Integrity = 'verified' | 'signed' | 'first-use';

/** The manifest as it was served; parsed and checked by who asked. */
export interface DeliveredManifest {
  /** Identity of the model among those that are kept. */
  readonly key: string;
  readonly text: string;
  /** Detached, in base64; null where no signature was asked for. */
  readonly signature: string | null;
}

export interface DeliveredFiles {
  readonly key: string;
  /** Verified content by name: handles on what is stored, not bytes in memory. */
  readonly files: Readonly<Record<string, Blob>>;
  readonly integrity: Integrity;
  /** Whether they are kept for the next time; false in memory, and where the browser keeps nothing. */
  readonly stored: boolean;
  /** Bytes that came over the network this time. */
  readonly downloaded: number;
}

/** A model that is kept, completely or in part. */
export interface CachedModel {
  readonly key: string;
  readonly id: string;
  readonly version: string;
  readonly integrity: Integrity;
  /** Bytes that are kept of its files. A file that models share counts for each of them. */
  readonly bytes: number;
  /** Whether all files that were asked for are there. */
  readonly complete: boolean;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  readonly usedAt: number;
  /** Names of its files. */
  readonly files: readonly string[];
}

/** Bytes. */
export interface CacheUsage {
  /** In model files. */
  readonly models: number;
  /** Of the whole origin, as the browser estimates; null where it does not. */
  readonly usage: number | null;
  readonly quota: number | null;
  /** Whether the browser promised not to evict the origin's data by itself. */
  readonly persisted: boolean;
}

/** What reading a model again and hashing it has shown. */
export interface VerifyReport {
  readonly key: string;
  /** Names of the files whose bytes are what they were. */
  readonly intact: readonly string[];
  /** Names of those that were not: they were dropped, and the next download fetches them. */
  readonly damaged: readonly string[];
  /** Names of those that are not (completely) there. */
  readonly missing: readonly string[];
}

/** Bytes so far. */
export interface VerifyProgress {
  readonly done: number;
  readonly total: number;
}

/** Worker of the model cache. */
export interface DeliveryContract {
  /** Reads the manifest: from the network, so that a new version is noticed; else the one that was kept. */
  manifest(
    args: { readonly source: DeliverySource },
    context: CallContext<never>,
  ): Promise<DeliveredManifest>;
  /**
   * Brings the named files (null for all): those that are kept at once, the others over the network.
   * `manifest` is what {@link DeliveryContract.manifest} gave; null for a listing.
   */
  files(
    args: {
      readonly source: DeliverySource;
      readonly manifest: DeliveredManifest | null;
      readonly names: readonly string[] | null;
      /** Chosen by the caller; {@link DeliveryContract.pause} goes by it. */
      readonly id: string;
    },
    context: CallContext<DeliveryProgress>,
  ): Promise<DeliveredFiles>;
  /** Halts a delivery, or goes on with it. It may come before the delivery itself. */
  pause(
    args: { readonly id: string; readonly paused: boolean },
    context: CallContext<never>,
  ): Promise<void>;
  list(args: null, context: CallContext<never>): Promise<readonly CachedModel[]>;
  verify(
    args: { readonly key: string },
    context: CallContext<VerifyProgress>,
  ): Promise<VerifyReport>;
  /** Frees what only this model used. Rejects with `in-use` while a page has it loaded. */
  delete(args: { readonly key: string }, context: CallContext<never>): Promise<boolean>;
  usage(args: null, context: CallContext<never>): Promise<CacheUsage>;
}
