/** What the delivery page offers to the driver: the same two steps for both sides. */

export interface DeliveryRequest {
  /** Absolute URL of the model's folder, ending in `/`. */
  readonly model: string;
  /** Names of the text tower's files: graph, external weights, tokenizer. */
  readonly files: {
    readonly graph: string;
    readonly data: readonly string[];
    readonly tokenizer: string;
  };
  /** What both have to encode to be ready. */
  readonly texts: readonly string[];
}

export interface LoadTimes {
  /** Milliseconds from nothing but the cache to a session; null where that is not told apart. */
  readonly sessionMs: number | null;
  /** Milliseconds until the texts were encoded, too. */
  readonly readyMs: number;
}

export interface DeliverySide {
  /** Brings the files into the cache, and makes no session of them. */
  download(request: DeliveryRequest): Promise<void>;
  /** Loads once and lets go of it: then all code is compiled, as it is for who comes again. */
  prepare(request: DeliveryRequest): Promise<void>;
  /** Times the load after that. */
  load(request: DeliveryRequest): Promise<LoadTimes>;
}

declare global {
  interface Window {
    /** Set when the delivery page is ready. */
    delivery?: { readonly photoglot: DeliverySide; readonly transformers: DeliverySide };
  }
}
