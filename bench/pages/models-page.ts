/** What the models page offers to the driver: the same steps, whoever encodes. */
import type { PeerBuild } from './peer-library';

/** Photoglot through its public interface. */
export interface OwnRequest {
  readonly side: 'photoglot';
  /** URL of the model's folder, ending in `/`, relative to the page. */
  readonly model: string;
  /** Number format of the text tower; null for the model's first. */
  readonly dtype: string | null;
}

/** transformers.js, on the model that the site serves as a hub would. */
export interface PeerModelRequest {
  readonly side: 'transformers';
  /** Name of the graph; that of its external weights ends in `_data`. */
  readonly graph: string;
  /** Name of the graph's dense output. */
  readonly output: string;
  readonly threads: number;
  readonly build: PeerBuild;
}

export type EncoderRequest = OwnRequest | PeerModelRequest;

/** A text tower that is loaded. */
export interface Encoder {
  /** WASM threads. */
  readonly threads: number;
  /** The dense vector of one text. */
  encode(text: string): Promise<Float32Array>;
  /** The same, and how many tokens the encoder ran for it. */
  check(text: string): Promise<CheckedVector<Float32Array>>;
}

export interface CheckedVector<Numbers> {
  readonly vector: Numbers;
  readonly tokens: number;
}

export interface Opened {
  /** Milliseconds from nothing but what the browser keeps to the first text's vector. */
  readonly ms: number;
  readonly threads: number;
}

export interface Timed {
  /** Milliseconds for each text, one after the other. */
  readonly ms: readonly number[];
  /** Of the last text. */
  readonly vector: readonly number[];
}

export interface ModelsPage {
  /** Loads an encoder, once on a page, and encodes a text with it. */
  open(argument: { readonly request: EncoderRequest; readonly text: string }): Promise<Opened>;
  time(texts: readonly string[]): Promise<Timed>;
  check(text: string): Promise<CheckedVector<readonly number[]>>;
}

declare global {
  interface Window {
    /** Set when the models page is ready. */
    models?: ModelsPage;
  }
}
