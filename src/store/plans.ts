/** What the writes of the contract come to, given the state that they meet. */
import type { ItemRecord, Meta, StoredItem, TextFields } from '../protocol/store-contract';
import type { CollectionMemory } from './collection-memory';
import type { Plan } from './stored-collection';

const NO_VECTORS = new Float32Array(0);

/** Appends a row per item; rows that held the same ids die. */
export function planPut(
  memory: CollectionMemory,
  items: readonly StoredItem[],
  vectors: Float32Array<ArrayBuffer>,
): Plan<void> {
  if (items.length === 0) return { change: null, result: undefined };
  const rowOf = new Map(items.map(({ id }, index) => [id, memory.rows + index]));
  const rows = new Map<number, ItemRecord | null>();
  for (const id of rowOf.keys()) {
    const replaced = memory.rowOf(id);
    if (replaced !== undefined) rows.set(replaced, null);
  }
  items.forEach(({ id, meta, fields }, index) => {
    const row = memory.rows + index;
    // Twice in one put: the last one counts.
    rows.set(row, rowOf.get(id) === row ? { id, meta, fields } : null);
  });
  return {
    change: { vectors, items: rows },
    pictures: new Map(items.map(({ id, thumbnail, original }) => [id, { thumbnail, original }])),
    result: undefined,
  };
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
  const merged = { id, meta: { ...item.meta, ...meta }, fields: { ...item.fields, ...fields } };
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
