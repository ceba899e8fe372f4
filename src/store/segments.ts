/** Packed vectors on disk: segments of a fixed number of rows, of which only the last one grows. */
import { decodeVectors, encodeVectors } from '../core/vector-codec';
import { PhotoglotError } from '../errors';
import type { CollectionMemory, NewRows } from './collection-memory';
import type { CollectionRecord, SegmentRecord } from './schema';

/** A compromise: every append rewrites the last segment, every opening reads all of them. */
const SEGMENT_BYTES = 512 * 1024;

/** Vectors per segment of a new collection. */
export function segmentRowsFor(dimension: number): number {
  return Math.max(1, Math.floor(SEGMENT_BYTES / (dimension * Float32Array.BYTES_PER_ELEMENT)));
}

/** The segments to write when `rows` are appended to `memory`: the last one so far, and new ones. */
export function segmentsAfterAppend(memory: CollectionMemory, rows: NewRows): SegmentRecord[] {
  const open = memory.rows - (memory.rows % memory.record.segmentRows);
  return packed(memory.record, open, joined(memory.slice(open, memory.rows), rows));
}

/** `rows`, which start at row `first`, the first of a segment, cut into segments. */
export function packed(record: CollectionRecord, first: number, rows: NewRows): SegmentRecord[] {
  const { name, dimension, segmentRows } = record;
  const segments: SegmentRecord[] = [];
  for (let start = 0; start < rows.ids.length; start += segmentRows) {
    const end = start + segmentRows;
    const data = rows.data.subarray(start * dimension, end * dimension);
    segments.push({
      collection: name,
      index: (first + start) / segmentRows,
      ids: rows.ids.slice(start, end),
      vectors: encodeVectors({ data, dimension }),
    });
  }
  return segments;
}

/** The rows of a segment from the `skip`th on. Throws when they are not of this collection. */
export function unpacked(record: CollectionRecord, segment: SegmentRecord, skip = 0): NewRows {
  const { data, dimension } = decodeVectors(segment.vectors);
  if (dimension !== record.dimension || data.length !== segment.ids.length * dimension) {
    throw new PhotoglotError(
      'storage',
      `Segment ${segment.index} of "${record.name}" holds ${data.length} numbers of dimension ` +
        `${dimension} for ${segment.ids.length} items of dimension ${record.dimension}.`,
    );
  }
  return { ids: segment.ids.slice(skip), data: data.subarray(skip * dimension) };
}

function joined(left: NewRows, right: NewRows): NewRows {
  const data = new Float32Array(left.data.length + right.data.length);
  data.set(left.data);
  data.set(right.data, left.data.length);
  return { ids: [...left.ids, ...right.ids], data };
}
