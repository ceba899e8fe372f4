import {
  collectionBackground,
  collectionConfidence,
  SAMPLE_ROWS,
  type CollectionBackground,
} from '../core/relevance/collection-confidence';
import { UNKNOWN, type Confidence } from '../core/relevance/confidence';
import { modelConfidence, type RelevanceCalibration } from '../core/relevance/model-confidence';
import { PhotoglotError } from '../errors';
import type { RelevantHit, StoreHit } from '../protocol/store-contract';
import type { CollectionMemory } from './collection-memory';
import type { CollectionRecord } from './schema';

/** Tells how sure hits are. Costs a few dot products per hit, whatever the collection's size. */
export class HitConfidences {
  /** A write replaces the record, so that what is known of its rows is sampled anew. */
  readonly #backgrounds = new WeakMap<CollectionRecord, CollectionBackground | null>();

  /**
   * The hits as they are, with their confidence.
   *
   * @param query unit vector that found them in `memory`
   * @param calibration of the collection's model; null if it has none
   * @throws `dimension-mismatch` for the calibration of another model
   */
  rate(
    memory: CollectionMemory,
    query: Float32Array,
    hits: readonly StoreHit[],
    calibration: RelevanceCalibration | null,
  ): RelevantHit[] {
    const confidence = this.#confidence(memory, query, calibration);
    return hits.map((hit) => {
      const item = memory.vector(hit.id);
      return { ...hit, confidence: item === null ? UNKNOWN : confidence(item, hit.score) };
    });
  }

  #confidence(
    memory: CollectionMemory,
    query: Float32Array,
    calibration: RelevanceCalibration | null,
  ): Confidence {
    if (calibration === null) return collectionConfidence(query, this.#backgroundOf(memory));
    const { length } = calibration.background;
    if (length === query.length) return modelConfidence(query, calibration, memory.count);
    throw new PhotoglotError(
      'dimension-mismatch',
      `The collection has dimension ${query.length}; the model's background has ${length}.`,
    );
  }

  #backgroundOf(memory: CollectionMemory): CollectionBackground | null {
    const { record } = memory;
    const known = this.#backgrounds.get(record);
    if (known !== undefined) return known;
    const background = collectionBackground(sampleOf(memory), record.dimension);
    this.#backgrounds.set(record, background);
    return background;
  }
}

/** Rows from the whole collection at equal distances; dead ones are left out. */
function sampleOf(memory: CollectionMemory): Float32Array {
  const { rows: total } = memory;
  const { dimension } = memory.record;
  const count = Math.min(SAMPLE_ROWS, total);
  const places = Array.from({ length: count }, (_, index) => Math.floor((index * total) / count));
  const live = places.filter((row) => memory.itemAt(row) !== null);
  const rows = new Float32Array(live.length * dimension);
  live.forEach((row, index) => {
    rows.set(memory.slice(row, row + 1).vectors, index * dimension);
  });
  return rows;
}
