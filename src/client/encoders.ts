/** What a collection needs of a model: texts or pictures in, unit rows out. */
import type { RelevanceCalibration } from '../core/relevance/model-confidence';
import type {
  EncodedRows,
  EncodedText,
  PictureBatchResult,
  PictureInput,
  Priority,
  TextBatch,
  TextProgress,
} from '../protocol/tower-contract';

/** Outputs of a text tower that a collection may keep beside the vectors. */
export type TextSignal = 'sparse' | 'colbert';

/** Options of {@link Encoders.encodeTexts}. */
export interface EncodeOptions {
  /** A waiting `query` runs before a waiting `index`, and that before an `idle`. */
  readonly priority: Priority;
  /** Rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link Encoders.encodePictures}. */
export interface EncodePicturesOptions extends EncodeOptions {
  /** Longest side of the thumbnails in pixels; 0 for none. @default 0 */
  readonly thumbnail?: number;
  /** The most patches of a picture, as of a `PictureBatch`. @default null: what the model takes */
  readonly patches?: number | null;
}

/** The two towers of one model, seen from the page. Rejects with a `PhotoglotError`. */
export interface Encoders extends TextOutputsEncoder {
  /** `id@version`: the collections of a model are bound to it. */
  readonly model: string;
  /** Length of every vector. */
  readonly dimension: number;
  /** Pictures per call that index fastest. */
  readonly batch: number;
  /**
   * Patches of a picture with which it takes about half the time; null for a model that takes pictures of
   * its own size only.
   */
  readonly quickPatches: number | null;
  /** What else than vectors its text tower gives. */
  readonly signals: readonly TextSignal[];
  /** How its cosines are to be read; null for a model that does not tell. */
  readonly calibration: RelevanceCalibration | null;
  /** One row per text, in order. */
  encodeTexts(texts: readonly string[], options: EncodeOptions): Promise<EncodedRows>;
  /** One result per picture, in order; a bad picture fails alone. Bitmaps are not consumed. */
  encodePictures(
    pictures: readonly PictureInput[],
    options: EncodePicturesOptions,
  ): Promise<PictureBatchResult>;
}

/** Options of {@link TextOutputsEncoder.encodeFully}. */
export interface EncodeFullyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TextProgress) => void) | undefined;
}

/** What a model says of texts beyond one vector each. */
export interface TextOutputsEncoder {
  /** All outputs that are asked for, one per text, in order. */
  encodeFully(batch: TextBatch, options: EncodeFullyOptions): Promise<readonly EncodedText[]>;
}
