/** Rows on disk: segments of a fixed number of rows, of which only the last one grows. */
import { decodeVectors, encodeVectors } from '../core/vector-codec';
import { PhotoglotError } from '../errors';
import type { Change, CollectionMemory } from './collection-memory';
import type { CollectionRecord, ItemPage } from './schema';

/** A compromise: every append rewrites the last segment, every opening reads all of them. */
const SEGMENT_BYTES = 512 * 1024;
/** Bounds the items that an update of one of them rewrites. */
const MAX_SEGMENT_ROWS = 512;

/** Rows per segment of a new collection. */
export function segmentRowsFor(dimension: number): number {
  const rows = Math.floor(SEGMENT_BYTES / (dimension * Float32Array.BYTES_PER_ELEMENT));
  return Math.min(MAX_SEGMENT_ROWS, Math.max(1, rows));
}

/** A segment's vectors, or its items. */
export interface Numbered<Value> {
  readonly index: number;
  readonly value: Value;
}

/** The vectors to write for `change`: of the last segment so far, when it grows, and of new ones. */
export function changedVectors(memory: CollectionMemory, change: Change): Numbered<ArrayBuffer>[] {
  const { dimension, segmentRows } = change.record;
  if (change.vectors.length === 0) return [];
  const open = Math.floor(memory.rows / segmentRows);
  const { vectors } = memory.slice(open * segmentRows, memory.rows);
  const data = new Float32Array(vectors.length + change.vectors.length);
  data.set(vectors);
  data.set(change.vectors, vectors.length);
  const size = segmentRows * dimension;
  return Array.from({ length: Math.ceil(data.length / size) }, (_, index) => ({
    index: open + index,
    value: encodeVectors({ data: data.subarray(index * size, (index + 1) * size), dimension }),
  }));
}

/** The items to write for `change`: whole segments, those with a row that changed. */
export function changedItems(memory: CollectionMemory, change: Change): Numbered<ItemPage>[] {
  const { segmentRows, rows } = change.record;
  const touched = new Set([...change.items.keys()].map((row) => Math.floor(row / segmentRows)));
  return [...touched].map((index) => {
    const first = index * segmentRows;
    const length = Math.min(segmentRows, rows - first);
    const value = Array.from({ length }, (_, offset) => {
      const item = change.items.get(first + offset);
      return item === undefined ? memory.itemAt(first + offset) : item;
    });
    return { index, value };
  });
}

/** Decodes a segment, which must hold `count` rows of the collection. */
export function unpackVectors(
  record: CollectionRecord,
  bytes: ArrayBuffer | undefined,
  count: number,
): Float32Array<ArrayBuffer> {
  if (bytes !== undefined) {
    const { data, dimension } = decodeVectors(bytes);
    if (dimension === record.dimension && data.length === count * dimension) return data;
  }
  throw new PhotoglotError(
    'storage',
    `The collection "${record.name}" is damaged: a segment of ${count} vectors is missing, or ` +
      'holds others. Drop the collection and add its items again.',
  );
}
