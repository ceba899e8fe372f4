/** The two towers as encoders for collections. */
import type { ContractMethod } from '../protocol/contract-types';
import type {
  EncodedRows,
  EncodedText,
  ImageTowerContract,
  LoadManifestTower,
  PictureBatchResult,
  PictureInput,
  TextBatch,
  TextProgress,
  TextTowerContract,
} from '../protocol/tower-contract';
import type {
  EncodeFullyOptions,
  EncodeOptions,
  EncodePicturesOptions,
  Encoders,
  TextOutputsEncoder,
} from './encoders';
import type { TowerLink } from './tower-link';

/** Pictures of one shape run together, and among more of them there are more of one shape. */
const BATCHES_PER_CALL = 2;

/** What a collection is to know of the model, as its manifest says it. */
export interface EncodedModel {
  readonly id: string;
  readonly version: string;
  readonly dimension: number;
  /** Pictures per run. */
  readonly image: { readonly batch: number };
}

export class TowerEncoders<Load extends ContractMethod = LoadManifestTower>
  implements Encoders, TextOutputsEncoder
{
  readonly model: string;
  readonly dimension: number;
  readonly batch: number;
  readonly #text: TowerLink<TextTowerContract<Load>>;
  readonly #image: TowerLink<ImageTowerContract<Load>>;
  /** Calls. */
  #picturesUnderWay = 0;

  constructor(
    { id, version, dimension, image: { batch } }: EncodedModel,
    text: TowerLink<TextTowerContract<Load>>,
    image: TowerLink<ImageTowerContract<Load>>,
  ) {
    this.model = `${id}@${version}`;
    this.dimension = dimension;
    this.batch = batch * BATCHES_PER_CALL;
    this.#text = text;
    this.#image = image;
  }

  encodeTexts(texts: readonly string[], { priority, signal }: EncodeOptions): Promise<EncodedRows> {
    const shared = this.#picturesUnderWay > 0;
    return this.#text.call('encode', { texts, priority, shared }, { signal });
  }

  encodeFully(
    batch: TextBatch,
    { signal, onProgress }: EncodeFullyOptions,
  ): Promise<readonly EncodedText[]> {
    const report = onProgress === undefined ? undefined : forward(onProgress);
    return this.#text.call('encodeFully', batch, { signal, onProgress: report });
  }

  /** Bitmaps and pixels are copied, not moved: they may be the page's own. */
  async encodePictures(
    pictures: readonly PictureInput[],
    { priority, signal, thumbnail = 0 }: EncodePicturesOptions,
  ): Promise<PictureBatchResult> {
    this.#picturesUnderWay++;
    try {
      return await this.#image.call('encode', { pictures, thumbnail, priority }, { signal });
    } finally {
      this.#picturesUnderWay--;
    }
  }
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
