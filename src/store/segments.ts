/** The rows of the log on disk: segments of a fixed number of rows, of which only the last one grows. */
import { decodeVectors, encodeVectors } from '../core/vector-codec';
import { PhotoglotError } from '../errors';
import type { Change, CollectionMemory } from './collection-memory';
import {
  firstRowOf,
  packedRowsOf,
  segmentsOf,
  type CollectionRecord,
  type ItemPage,
} from './schema';

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

/** The number of the log's segment that holds a row of it. */
export function segmentOf(record: CollectionRecord, row: number): number {
  return segmentsOf(record).first + Math.floor((row - packedRowsOf(record)) / record.segmentRows);
}

/** The vectors to write for `change`: of the last segment so far, when it grows, and of new ones. */
export function changedVectors(memory: CollectionMemory, change: Change): Numbered<ArrayBuffer>[] {
  if (change.vectors.length === 0) return [];
  const open = segmentOf(change.record, memory.rows);
  const { vectors } = memory.log.slice(firstRowOf(change.record, open), memory.rows);
  const data = new Float32Array(vectors.length + change.vectors.length);
  data.set(vectors);
  data.set(change.vectors, vectors.length);
  return vectorSegments(change.record, open, data);
}

/** Vectors one behind the other as segments, of which `first` is the number of the first one. */
export function vectorSegments(
  { dimension, segmentRows }: CollectionRecord,
  first: number,
  data: Float32Array<ArrayBuffer>,
): Numbered<ArrayBuffer>[] {
  const size = segmentRows * dimension;
  return Array.from({ length: Math.ceil(data.length / size) }, (_, index) => ({
    index: first + index,
    value: encodeVectors({ data: data.subarray(index * size, (index + 1) * size), dimension }),
  }));
}

/** The items to write for `change`: whole segments, those with a row that changed. */
export function changedItems(memory: CollectionMemory, change: Change): Numbered<ItemPage>[] {
  const { record } = change;
  const { first } = memory.log;
  const rows = [...change.items.keys()].filter((row) => row >= first);
  const touched = new Set(rows.map((row) => segmentOf(record, row)));
  return [...touched].map((index) => {
    const start = firstRowOf(record, index);
    const length = Math.min(record.segmentRows, record.rows - start);
    const value = Array.from({ length }, (_, offset) => {
      const item = change.items.get(start + offset);
      return item === undefined ? memory.log.itemAt(start + offset) : item;
    });
    return { index, value };
  });
}

/** The first `count` rows of a segment of the collection, which must hold so many. */
export function unpackVectors(
  record: CollectionRecord,
  bytes: ArrayBuffer | undefined,
  count: number,
): Float32Array<ArrayBuffer> {
  if (bytes !== undefined) {
    const { data, dimension } = decodeVectors(bytes);
    if (dimension === record.dimension && data.length >= count * dimension) {
      return data.subarray(0, count * dimension);
    }
  }
  throw new PhotoglotError(
    'storage',
    `The collection "${record.name}" is damaged: a segment of ${count} vectors is missing, or ` +
      'holds others. Drop the collection and add its items again.',
  );
}
