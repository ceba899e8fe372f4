/**
 * The towers of transformers.js as encoders that a failed run does not end. The library runs
 * everything in one chain of promises, and what has failed once fails for ever: so the tower is
 * unloaded then, and the next call loads it anew, from the cache.
 */
import type { RelevanceCalibration } from '../core/relevance/model-confidence';
import { isPhotoglotError } from '../errors';
import type {
  EncodedRows,
  EncodedText,
  PictureBatchResult,
  PictureInput,
  TextBatch,
} from '../protocol/tower-contract';
import type {
  EncodeFullyOptions,
  EncodeOptions,
  EncodePicturesOptions,
  Encoders,
  TextSignal,
} from './encoders';

/** What a tower has to offer: see `TowerLink`. */
interface Unloadable {
  unload(): Promise<void>;
}

export class RenewingEncoders implements Encoders {
  readonly model: string;
  readonly dimension: number;
  readonly batch: number;
  readonly quickPatches: number | null;
  readonly signals: readonly TextSignal[];
  readonly calibration: RelevanceCalibration | null;
  readonly #encoders: Encoders;
  readonly #towers: { readonly text: Unloadable; readonly image: Unloadable };

  constructor(
    encoders: Encoders,
    towers: { readonly text: Unloadable; readonly image: Unloadable },
  ) {
    this.model = encoders.model;
    this.dimension = encoders.dimension;
    this.batch = encoders.batch;
    this.quickPatches = encoders.quickPatches;
    this.signals = encoders.signals;
    this.calibration = encoders.calibration;
    this.#encoders = encoders;
    this.#towers = towers;
  }

  encodeTexts(texts: readonly string[], options: EncodeOptions): Promise<EncodedRows> {
    return this.#watched(this.#encoders.encodeTexts(texts, options));
  }

  encodeFully(batch: TextBatch, options: EncodeFullyOptions): Promise<readonly EncodedText[]> {
    return this.#watched(this.#encoders.encodeFully(batch, options));
  }

  async encodePictures(
    pictures: readonly PictureInput[],
    options: EncodePicturesOptions,
  ): Promise<PictureBatchResult> {
    const result = await this.#encoders.encodePictures(pictures, options);
    const isBroken = result.results.some((each) => !each.ok && each.code === 'session-failed');
    if (isBroken) void this.#towers.image.unload();
    return result;
  }

  async #watched<Result>(encoding: Promise<Result>): Promise<Result> {
    try {
      return await encoding;
    } catch (thrown) {
      const isBroken = isPhotoglotError(thrown) && thrown.code === 'session-failed';
      if (isBroken) void this.#towers.text.unload();
      throw thrown;
    }
  }
}
