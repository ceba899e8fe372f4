/** What the writes of the contract come to, given the state that they meet. */
import type { ItemRecord, Meta, StoredItem, TextFields } from '../protocol/store-contract';
import type { CollectionMemory } from './collection-memory';
import type { Plan } from './stored-collection';

const NO_VECTORS = new Float32Array(0);

/**
 * Appends a row per item; rows that held the same ids die. A rough item takes the place of none: who
 * adds it did not know of the other, whose vector is no worse.
 */
export function planPut(
  memory: CollectionMemory,
  items: readonly StoredItem[],
  vectors: Float32Array<ArrayBuffer>,
): Plan<void> {
  if (items.length === 0) return { change: null, result: undefined };
  const isOutdone = ({ id, rough }: StoredItem): boolean => rough === true && memory.has(id);
  const rowOf = new Map<string, number>();
  items.forEach((item, index) => {
    if (!isOutdone(item)) rowOf.set(item.id, memory.rows + index);
  });
  if (rowOf.size === 0) return { change: null, result: undefined };
  const rows = new Map<number, ItemRecord | null>();
  for (const id of rowOf.keys()) {
    const replaced = memory.rowOf(id);
    if (replaced !== undefined) rows.set(replaced, null);
  }
  items.forEach((item, index) => {
    const row = memory.rows + index;
    // Twice in one put: the last one counts.
    rows.set(row, rowOf.get(item.id) === row ? recordOf(item) : null);
  });
  return {
    change: { vectors, items: rows },
    pictures: new Map(
      items
        .filter(({ id }) => rowOf.has(id))
        .map(({ id, thumbnail, original }) => [id, { thumbnail, original }]),
    ),
    result: undefined,
  };
}

/** Appends a row per item whose id is not there, and came not before in `items`; how many there were. */
export function planAdd(
  memory: CollectionMemory,
  items: readonly StoredItem[],
  vectors: Float32Array<ArrayBuffer>,
): Plan<number> {
  const { dimension } = memory.record;
  const seen = new Set<string>();
  const fresh = items.flatMap((item, index) => {
    if (memory.has(item.id) || seen.has(item.id)) return [];
    seen.add(item.id);
    return [{ item, index }];
  });
  const rows = new Float32Array(fresh.length * dimension);
  fresh.forEach(({ index }, place) => {
    rows.set(vectors.subarray(index * dimension, (index + 1) * dimension), place * dimension);
  });
  const added = planPut(
    memory,
    fresh.map(({ item }) => item),
    rows,
  );
  return { ...added, result: fresh.length };
}

/**
 * Appends the vectors of those ids that are rough, and moves their items there; whether each was
 * rough. A new row, as vectors in place never change: what another tab has of them stays right.
 */
export function planRefine(
  memory: CollectionMemory,
  ids: readonly string[],
  vectors: Float32Array<ArrayBuffer>,
): Plan<readonly boolean[]> {
  const { dimension } = memory.record;
  const rows = new Map<number, ItemRecord | null>();
  const moved: Float32Array[] = [];
  const result = ids.map((id, index) => {
    const row = memory.rowOf(id);
    const item = memory.get(id);
    // Of an id that is given twice the first one counts.
    if (row === undefined || item?.rough !== true || rows.has(row)) return false;
    rows.set(row, null);
    rows.set(memory.rows + moved.length, recordOf({ ...item, rough: false }));
    moved.push(vectors.subarray(index * dimension, (index + 1) * dimension));
    return true;
  });
  if (moved.length === 0) return { change: null, result };
  const appended = new Float32Array(moved.length * dimension);
  moved.forEach((vector, place) => appended.set(vector, place * dimension));
  return { change: { vectors: appended, items: rows }, result };
}

/** Merges top-level keys; false when there is no such item. */
export function planUpdate(
  memory: CollectionMemory,
  {
    id,
    meta,
    fields,
  }: { readonly id: string; readonly meta: Meta | null; readonly fields: TextFields | null },
): Plan<boolean> {
  const row = memory.rowOf(id);
  const item = memory.get(id);
  if (row === undefined || item === null) return { change: null, result: false };
  const merged = {
    ...item,
    meta: { ...item.meta, ...meta },
    fields: { ...item.fields, ...fields },
  };
  return { change: { vectors: NO_VECTORS, items: new Map([[row, merged]]) }, result: true };
}

/** The rows of the ids die; how many there were. */
export function planDelete(memory: CollectionMemory, ids: readonly string[]): Plan<number> {
  const gone = [...new Set(ids)].filter((id) => memory.has(id));
  if (gone.length === 0) return { change: null, result: 0 };
  const rows = gone.map((id): [number, null] => [memory.rowOf(id) ?? -1, null]);
  return {
    change: { vectors: NO_VECTORS, items: new Map(rows) },
    pictures: new Map(gone.map((id) => [id, { thumbnail: null, original: null }])),
    result: gone.length,
  };
}

/** As it is written: without a flag when it is not rough, like items of before there was one. */
function recordOf({
  id,
  meta,
  fields,
  rough = false,
}: Pick<StoredItem, 'id' | 'meta' | 'fields' | 'rough'>): ItemRecord {
  return rough ? { id, meta, fields, rough } : { id, meta, fields };
}
