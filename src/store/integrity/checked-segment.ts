/** A segment of the log, row by row. */
import { lengthOf } from '../../core/normalise';
import { decodeVectors, isVectorBlock } from '../../core/vector-codec';
import type { ItemRecord } from '../../protocol/store-contract';
import { UNIT_TOLERANCE } from '../check-input';
import type { Database } from '../database';
import { isItem } from '../packed/item-json';
import { partsOf, type CollectionRecord, type ItemPage } from '../schema';
import type { StoredForm } from '../sealed/stored-form';
import { storedValue, survivor } from './damage';

export interface CheckedSegment {
  readonly index: number;
  /** Per row its item; null for one that is dead or lost. */
  readonly items: (ItemRecord | null)[];
  /** [rows, dimension], with zeros where a vector is lost; null where nothing is damaged. */
  readonly vectors: Float32Array<ArrayBuffer> | null;
  /** Items whose vectors are lost. */
  readonly withoutVector: readonly ItemRecord[];
  /** Rows of which it is not known what they were: items, or dead. */
  readonly unknown: number;
  /** Rows that were given up since. */
  givenUp: number;
}

/** Reads a segment of `rows` rows. Rejects with `storage-version` for one of a newer release. */
export async function checkSegment(
  { database, form }: { readonly database: Database; readonly form: StoredForm },
  record: CollectionRecord,
  index: number,
  rows: number,
): Promise<CheckedSegment> {
  const key: [string, number] = [partsOf(record), index];
  const [storedPage, storedVectors] = await Promise.all([
    storedValue(database, (opened) => opened.get('items', key)),
    storedValue(database, (opened) => opened.get('vectors', key)),
  ]);
  const page = await survivor(async () =>
    storedPage === undefined || storedPage === null
      ? null
      : pageOf(await form.items(key, storedPage), rows),
  );
  const vectors = await survivor(async () =>
    storedVectors === undefined || storedVectors === null
      ? null
      : rowsOf(await form.vectors(key, storedVectors), record, rows),
  );
  const items: (ItemRecord | null)[] = [];
  const withoutVector: ItemRecord[] = [];
  let unknown = 0;
  for (let row = 0; row < rows; row++) {
    const item = page?.[row];
    const isSound = item === undefined || item === null || isUnit(vectors, row, record.dimension);
    if (item === undefined) unknown++;
    else if (item !== null && !isSound) withoutVector.push(item);
    // What a dead row has for a vector is scored with the others: it must be a number.
    if (!isSound) vectors?.fill(0, row * record.dimension, (row + 1) * record.dimension);
    items.push(item !== undefined && isSound ? item : null);
  }
  const isDamaged = unknown > 0 || withoutVector.length > 0 || vectors === null;
  return {
    index,
    items,
    vectors: isDamaged ? (vectors ?? new Float32Array(rows * record.dimension)) : null,
    withoutVector,
    unknown,
    givenUp: 0,
  };
}

/** Per row its item, null for a dead one, undefined for what is neither; null if it is no page of so many. */
function pageOf(page: ItemPage, rows: number): (ItemRecord | null | undefined)[] | null {
  const value: unknown = page;
  if (!Array.isArray(value) || value.length !== rows) return null;
  return value.map((item: unknown) => (item === null || isItem(item) ? item : undefined));
}

/** Null where it is not that many of the collection's dimension. */
function rowsOf(
  bytes: ArrayBuffer,
  { dimension }: CollectionRecord,
  rows: number,
): Float32Array<ArrayBuffer> | null {
  if (!(bytes instanceof ArrayBuffer) || !isVectorBlock(bytes)) return null;
  const block = decodeVectors(bytes);
  return block.dimension === dimension && block.data.length === rows * dimension
    ? block.data
    : null;
}

function isUnit(vectors: Float32Array | null, row: number, dimension: number): boolean {
  if (vectors === null) return false;
  const length = lengthOf(vectors.subarray(row * dimension, (row + 1) * dimension));
  return Math.abs(length - 1) < UNIT_TOLERANCE;
}
