/** The two towers as encoders for collections. */
import type { Geometry } from '../core/geometry';
import type { RelevanceCalibration } from '../core/relevance/model-confidence';
import type { Calibration, ModelManifest } from '../models/manifest';
import { relevanceCalibration } from '../models/relevance-calibration';
import type { ContractMethod } from '../protocol/contract-types';
import type { QueryFlag } from '../protocol/query-flag';
import type {
  EncodedRows,
  EncodedText,
  ImageTowerContract,
  LoadManifestTower,
  PictureBatchResult,
  PictureInput,
  Priority,
  TextBatch,
  TextProgress,
  TextTowerContract,
} from '../protocol/tower-contract';
import type {
  EncodeFullyOptions,
  EncodeOptions,
  EncodePicturesOptions,
  Encoders,
  TextSignal,
} from './encoders';
import type { TowerLink } from './tower-link';

/** Pictures of one shape run together, and among more of them there are more of one shape. */
const BATCHES_PER_CALL = 2;

/** What a collection is to know of the model, as its manifest says it. */
export interface EncodedModel {
  readonly id: string;
  readonly version: string;
  readonly dimension: number;
  readonly image: {
    /** Pictures per run. */
    readonly batch: number;
    /** @default of a kind that is no list of patches */
    readonly geometry?: Geometry;
  };
  /** @default a tower of one output */
  readonly text?: {
    readonly sparse?: ModelManifest['text']['sparse'];
    readonly colbert?: ModelManifest['text']['colbert'];
  };
  /** @default not calibrated */
  readonly calibration?: Calibration;
}

export class TowerEncoders<Load extends ContractMethod = LoadManifestTower> implements Encoders {
  readonly model: string;
  readonly dimension: number;
  readonly batch: number;
  readonly quickPatches: number | null;
  readonly signals: readonly TextSignal[];
  readonly calibration: RelevanceCalibration | null;
  readonly #text: TowerLink<TextTowerContract<Load>>;
  readonly #image: TowerLink<ImageTowerContract<Load>>;
  readonly #queries: QueryFlag | null;
  /** Calls. */
  #picturesUnderWay = 0;

  constructor(
    {
      id,
      version,
      dimension,
      image: { batch, geometry },
      text: outputs,
      ...calibrated
    }: EncodedModel,
    text: TowerLink<TextTowerContract<Load>>,
    image: TowerLink<ImageTowerContract<Load>>,
    queries: QueryFlag | null = null,
  ) {
    this.model = `${id}@${version}`;
    this.dimension = dimension;
    this.batch = batch * BATCHES_PER_CALL;
    this.quickPatches = geometry?.kind === 'patches' ? halfOf(geometry.maxPatches) : null;
    this.signals = (['sparse', 'colbert'] as const).filter((each) => outputs?.[each] !== undefined);
    this.calibration = relevanceCalibration(calibrated);
    this.#text = text;
    this.#image = image;
    this.#queries = queries;
  }

  encodeTexts(texts: readonly string[], { priority, signal }: EncodeOptions): Promise<EncodedRows> {
    return this.#besidePictures(priority, (shared) =>
      this.#text.call('encode', { texts, priority, shared }, { signal }),
    );
  }

  encodeFully(
    batch: TextBatch,
    { signal, onProgress }: EncodeFullyOptions,
  ): Promise<readonly EncodedText[]> {
    const report = onProgress === undefined ? undefined : forward(onProgress);
    return this.#besidePictures(batch.priority, (shared) =>
      this.#text.call('encodeFully', { ...batch, shared }, { signal, onProgress: report }),
    );
  }

  /** Bitmaps and pixels are copied, not moved: they may be the page's own. */
  async encodePictures(
    pictures: readonly PictureInput[],
    { priority, signal, thumbnail = 0, patches = null }: EncodePicturesOptions,
  ): Promise<PictureBatchResult> {
    this.#picturesUnderWay++;
    try {
      const batch = { pictures, thumbnail, priority, patches };
      return await this.#image.call('encode', batch, { signal });
    } finally {
      this.#picturesUnderWay--;
    }
  }

  /** @param encode is told whether the image tower computes at the same time, and does not give way */
  #besidePictures<Result>(
    priority: Priority,
    encode: (shared: boolean) => Promise<Result>,
  ): Promise<Result> {
    const queries = this.#queries;
    const shared = this.#picturesUnderWay > 0;
    if (!shared || queries === null || priority !== 'query') return encode(shared);
    return queries.during(() => encode(!queries.heeded));
  }
}

/** The time that a picture takes is nearly proportional to its patches. Null: there is no half. */
function halfOf(patches: number): number | null {
  return patches < 2 ? null : Math.floor(patches / 2);
}

/** A call that is repeated, its device being lost, counts from 0 again: that is not told. */
function forward(onProgress: (progress: TextProgress) => void): typeof onProgress {
  let most = 0;
  return (progress) => {
    if (progress.done < most) return;
    most = progress.done;
    onProgress(progress);
  };
}
