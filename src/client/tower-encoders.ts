/** The two towers as encoders for collections. */
import type { TextOutputs } from '../core/merge-windows';
import type { ModelManifest } from '../models/manifest';
import type { Rows } from '../protocol/rows';
import type {
  ImageTowerContract,
  PictureBatchResult,
  PictureInput,
  TextBatch,
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

export class TowerEncoders implements Encoders, TextOutputsEncoder {
  readonly model: string;
  readonly dimension: number;
  readonly batch: number;
  readonly #text: TowerLink<TextTowerContract>;
  readonly #image: TowerLink<ImageTowerContract>;

  constructor(
    manifest: ModelManifest,
    text: TowerLink<TextTowerContract>,
    image: TowerLink<ImageTowerContract>,
  ) {
    this.model = `${manifest.id}@${manifest.version}`;
    this.dimension = manifest.dimension;
    this.batch = manifest.image.batch * BATCHES_PER_CALL;
    this.#text = text;
    this.#image = image;
  }

  encodeTexts(texts: readonly string[], { priority, signal }: EncodeOptions): Promise<Rows> {
    return this.#text.call('encode', { texts, priority }, { signal });
  }

  encodeFully(batch: TextBatch, options: EncodeFullyOptions): Promise<readonly TextOutputs[]> {
    return this.#text.call('encodeFully', batch, options);
  }

  /** Bitmaps and pixels are copied, not moved: they may be the page's own. */
  encodePictures(
    pictures: readonly PictureInput[],
    { priority, signal, thumbnail = 0 }: EncodePicturesOptions,
  ): Promise<PictureBatchResult> {
    return this.#image.call('encode', { pictures, thumbnail, priority }, { signal });
  }
}
