/**
 * Encoders without a model, so that collections are tested by themselves: equal content has equal
 * vectors, other content has others. What a file says is what happens to it.
 */
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { normalise } from '../../core/normalise';
import type { RelevanceCalibration } from '../../core/relevance/model-confidence';
import { PhotoglotError } from '../../errors';
import type { Rows } from '../../protocol/rows';
import type {
  EncodedRows,
  EncodedText,
  PictureBatchResult,
  PictureInput,
  PictureResult,
  TextBatch,
} from '../../protocol/tower-contract';
import type {
  EncodeFullyOptions,
  EncodeOptions,
  EncodePicturesOptions,
  Encoders,
  TextSignal,
} from '../encoders';

export class HashEncoders implements Encoders {
  readonly model: string;
  readonly dimension = 16;
  readonly batch = 4;
  /** Null: pictures of one size only. With a limit of patches a picture has `roughVectorOf` it. */
  quickPatches: number | null = null;
  signals: readonly TextSignal[] = [];
  calibration: RelevanceCalibration | null = null;
  /** What was asked for, in order: texts, and files by their content. */
  readonly calls: (readonly string[])[] = [];
  /** Priorities of the calls. */
  readonly priorities = new Set<string>();
  /** Called before each call is answered; may delay or fail it. */
  before: (asked: readonly string[]) => Promise<void> = () => Promise.resolve();

  constructor(model = 'hash@1') {
    this.model = model;
  }

  /** The vector of a text, or of a file with this content. */
  vectorOf(content: string): Float32Array<ArrayBuffer> {
    const next = randomNumbers(seedOf(content));
    const vector = normalise(Float32Array.from({ length: this.dimension }, next));
    return vector ?? new Float32Array(this.dimension);
  }

  /** The vector of a file with this content, encoded with `quickPatches`. */
  roughVectorOf(content: string): Float32Array<ArrayBuffer> {
    return this.vectorOf(this.#roughly(content, this.quickPatches));
  }

  async encodeTexts(texts: readonly string[], options: EncodeOptions): Promise<EncodedRows> {
    await this.#answer(texts, options);
    return { ...this.#rows(texts), missing: [] };
  }

  /** Equal words have equal tokens, of weight 1, and equal token vectors. */
  async encodeFully(
    { texts, priority, sparse, colbert }: TextBatch,
    { signal }: EncodeFullyOptions,
  ): Promise<readonly EncodedText[]> {
    await this.#answer(texts, { priority, signal });
    return texts.map((text) => {
      const words = text.split(/\s+/u);
      const ids = Uint32Array.from(new Set(words.map(seedOf))).sort();
      return {
        dense: this.vectorOf(text),
        sparse: sparse ? { ids, weights: new Float32Array(ids.length).fill(1) } : null,
        colbert: colbert ? this.#rows(words) : null,
        missing: [],
      };
    });
  }

  async encodePictures(
    pictures: readonly PictureInput[],
    options: EncodePicturesOptions,
  ): Promise<PictureBatchResult> {
    const contents = await Promise.all(pictures.map(contentOf));
    await this.#answer(contents, options);
    const good = contents.filter((content) => !content.includes('corrupt'));
    let row = 0;
    const results = contents.map((content): PictureResult => {
      if (content.includes('corrupt')) {
        return { ok: false, code: 'decode-failed', message: 'The picture is corrupt.' };
      }
      const { thumbnail: side = 0 } = options;
      const thumbnail = side === 0 ? null : new Blob([`${side} px of ${content}`]);
      return { ok: true, row: row++, width: 4, height: 3, thumbnail };
    });
    const seen = good.map((content) => this.#roughly(content, options.patches ?? null));
    return { vectors: this.#rows(seen), results };
  }

  async #answer(asked: readonly string[], { priority, signal }: EncodeOptions): Promise<void> {
    this.calls.push(asked);
    this.priorities.add(priority);
    await this.before(asked);
    if (signal?.aborted === true) throw new PhotoglotError('aborted', 'aborted');
  }

  #roughly(content: string, patches: number | null): string {
    return patches === null ? content : `${content} in ${patches} patches`;
  }

  #rows(contents: readonly string[]): Rows {
    const data = Float32Array.from(contents.flatMap((content) => [...this.vectorOf(content)]));
    return { data, count: contents.length, dim: this.dimension };
  }
}

function seedOf(content: string): number {
  let seed = 0;
  for (const character of content) seed = (seed * 31 + (character.codePointAt(0) ?? 0)) | 0;
  return seed;
}

function contentOf(picture: PictureInput): Promise<string> {
  return picture.kind === 'blob' ? picture.blob.text() : Promise.resolve(picture.kind);
}
