import {
  collectionBackground,
  collectionConfidence,
  SAMPLE_ROWS,
  type CollectionBackground,
} from '../core/relevance/collection-confidence';
import { UNKNOWN, type Confidence } from '../core/relevance/confidence';
import { modelConfidence, type RelevanceCalibration } from '../core/relevance/model-confidence';
import { PhotoglotError } from '../errors';
import type { RelevantHit } from '../protocol/store-contract';
import type { CollectionMemory } from './collection-memory';
import type { RowHit } from './row-hit';
import type { CollectionRecord } from './schema';

/** Tells how sure hits are. Costs a few dot products per hit, whatever the collection's size. */
export class HitConfidences {
  /** A write replaces the record, so that what is known of its rows is sampled anew. */
  readonly #backgrounds = new WeakMap<CollectionRecord, Promise<CollectionBackground | null>>();

  /**
   * The hits' items, with their scores and confidences. Rejects with `storage`.
   *
   * @param query unit vector that found them in `memory`
   * @param calibration of the collection's model; null if it has none
   * @throws `dimension-mismatch` for the calibration of another model
   */
  async rate(
    memory: CollectionMemory,
    query: Float32Array,
    hits: readonly RowHit[],
    calibration: RelevanceCalibration | null,
  ): Promise<RelevantHit[]> {
    const confidence = this.confidence(memory, query, calibration);
    const vectors = memory.vectors(hits.map(({ row }) => row));
    const [confidenceOf, items] = await Promise.all([confidence, vectors]);
    return hits.map(({ item, score }, index) => {
      const vector = items[index];
      return {
        ...item,
        score,
        confidence: vector === undefined ? UNKNOWN : confidenceOf(vector, score),
      };
    });
  }

  /**
   * How sure cosines with `query`, a unit vector, are. Rejects with `storage`, and with
   * `dimension-mismatch` for the calibration of another model.
   */
  async confidence(
    memory: CollectionMemory,
    query: Float32Array,
    calibration: RelevanceCalibration | null,
  ): Promise<Confidence> {
    if (calibration === null) return collectionConfidence(query, await this.#backgroundOf(memory));
    const { length } = calibration.background;
    if (length === query.length) return modelConfidence(query, calibration, memory.count);
    throw new PhotoglotError(
      'dimension-mismatch',
      `The collection has dimension ${query.length}; the model's background has ${length}.`,
    );
  }

  #backgroundOf(memory: CollectionMemory): Promise<CollectionBackground | null> {
    const { record } = memory;
    const known = this.#backgrounds.get(record);
    if (known !== undefined) return known;
    const background = sampleOf(memory).then((rows) =>
      collectionBackground(rows, record.dimension),
    );
    this.#backgrounds.set(record, background);
    background.catch(() => this.#backgrounds.delete(record));
    return background;
  }
}

/** Rows from the whole collection at equal distances; dead ones are left out. */
async function sampleOf(memory: CollectionMemory): Promise<Float32Array> {
  const { rows: total } = memory;
  const { dimension } = memory.record;
  const count = Math.min(SAMPLE_ROWS, total);
  const places = Array.from({ length: count }, (_, index) => Math.floor((index * total) / count));
  const vectors = await memory.vectors(places.filter((row) => memory.isLive(row)));
  const rows = new Float32Array(vectors.length * dimension);
  vectors.forEach((vector, index) => rows.set(vector, index * dimension));
  return rows;
}
