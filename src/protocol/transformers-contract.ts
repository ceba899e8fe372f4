/** What the main thread asks of the workers that run models by transformers.js. */
import type { Backend } from '../models/manifest';
import type { CallContext } from './contract-types';
import type { ImageTowerContract, TextTowerContract, TowerInfo } from './tower-contract';

/** Where a model's files are. */
export type TransformersSource =
  | {
      /** `<host>/<id>/resolve/<revision>/config.json`, as on the Hugging Face Hub. */
      readonly kind: 'repository';
      readonly id: string;
      readonly revision: string;
      /** Absolute URL, ending in `/`; null for that of transformers.js. */
      readonly host: string | null;
    }
  | {
      /** `<url>config.json`. */
      readonly kind: 'folder';
      /** Absolute, ending in `/`. */
      readonly url: string;
    };

/** Loading one tower. */
export interface TransformersLoad {
  readonly source: TransformersSource;
  /** Absolute URL of transformers.js as one module; null for the installed package. */
  readonly libraryUrl: string | null;
  /** Absolute URL of the folder with ONNX Runtime's wasm and mjs files, ending in `/`. */
  readonly wasmUrl: string;
  readonly device: Backend;
  /** Number format as transformers.js names it; null for what it takes by itself. */
  readonly dtype: string | null;
}

/** A file on its way. */
export interface TransformersFile {
  readonly name: string;
  /** Bytes. */
  readonly loaded: number;
  /** Bytes; 0 until a server tells. */
  readonly total: number;
  readonly from: 'network' | 'cache';
}

/** What a loaded tower turned out to be. */
export interface TransformersTowerInfo extends TowerInfo {
  /** Length of its rows. */
  readonly dimension: number;
  /** Whether the browser keeps its files. */
  readonly stored: boolean;
}

/** How such a tower is loaded; what it is asked then is what any tower is asked. */
export type LoadTransformersTower = (
  args: TransformersLoad,
  context: CallContext<TransformersFile>,
) => Promise<TransformersTowerInfo>;

export type TransformersTextContract = TextTowerContract<LoadTransformersTower>;
export type TransformersImageContract = ImageTowerContract<LoadTransformersTower>;

/** Enough for a run to be efficient, few enough for a query not to wait long. */
export const TRANSFORMERS_PICTURES_PER_RUN = 8;
