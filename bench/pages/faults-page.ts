/** What the page of the fault matrix offers to its driver; in its own words, which both sides can check. */

/** A download to try. */
export interface FaultRequest {
  /** Absolute URL of the model's folder, ending in `/`. */
  readonly model: string;
  /** Names of the files that are wanted. @default what a lens needs */
  readonly files?: readonly string[];
  readonly mirrors?: readonly string[];
  readonly integrity?: 'required' | 'first-use';
  readonly publicKey?: string;
  readonly storage?: 'persistent' | 'memory';
}

/** A file as it was handed out: its bytes were read and hashed. */
export interface HandedOut {
  readonly size: number;
  readonly sha256: string;
}

export interface FaultFailure {
  readonly ok: false;
  /** `untyped` for what is no `PhotoglotError`. */
  readonly code: string;
  readonly message: string;
}

export type FaultOutcome =
  | {
      readonly ok: true;
      readonly files: Readonly<Record<string, HandedOut>>;
      readonly integrity: string;
      readonly stored: boolean;
    }
  | FaultFailure;

/** How far a download is. */
export interface FaultProgress {
  readonly state: 'downloading' | 'paused' | 'waiting-for-other-tab';
  /** Bytes. */
  readonly loaded: number;
}

/** What is told of a model that is kept, as far as it is looked at here. */
export interface KeptModel {
  readonly key: string;
  readonly id: string;
  readonly bytes: number;
  readonly complete: boolean;
}

/** Names of the files that were read again. */
export interface ReadAgain {
  readonly intact: readonly string[];
  readonly damaged: readonly string[];
  readonly missing: readonly string[];
}

/** What became of a lens that was loaded and asked to encode a text. */
export type LensOutcome = { readonly ok: true; readonly length: number } | FaultFailure;

export interface FaultsPage {
  /** The files are released as soon as they were read. */
  download(request: FaultRequest): Promise<FaultOutcome>;
  /** What the downloads of this page have reported, in order. */
  progress(): readonly FaultProgress[];
  abort(): void;
  pause(): void;
  resume(): void;
  list(): Promise<readonly KeptModel[]>;
  verify(key: string): Promise<ReadAgain>;
  /** Loads the model, encodes a text, and keeps the lens; the length of the vector is 1. */
  encode(request: FaultRequest, text: string): Promise<LensOutcome>;
  /** Unloads the lens that was loaded last. */
  unload(): Promise<void>;
  /** Has that lens encode another text, and load its model again for that. */
  encodeAgain(text: string): Promise<LensOutcome>;
}

declare global {
  interface Window {
    /** Set when the page is ready. */
    faults?: FaultsPage;
  }
}
