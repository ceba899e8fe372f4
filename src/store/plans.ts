/** What the writes of the contract come to, given the state that they meet. */
import type {
  ItemRecord,
  ItemSignals,
  Meta,
  StoredItem,
  TextFields,
} from '../protocol/store-contract';
import type { Change, CollectionMemory } from './collection-memory';
import type { FoundRow } from './packed-memory';
import { encodeLexical } from './signals/lexical-codec';
import { encodeTokens } from './signals/token-codec';
import type { Pictures } from './write-change';

/** A write, planned against the collection's newest state. */
export interface Plan<Result> {
  /** Null when nothing has to be written. Its record follows from it. */
  readonly change: Omit<Change, 'record'> | null;
  readonly pictures?: Pictures;
  readonly result: Result;
}

const NO_VECTORS = new Float32Array(0);

/**
 * Appends a row per item; rows that held the same ids die. A rough item takes the place of none: who
 * adds it did not know of the other, whose vector is no worse.
 */
export async function planPut(
  memory: CollectionMemory,
  items: readonly StoredItem[],
  vectors: Float32Array<ArrayBuffer>,
): Promise<Plan<void>> {
  return putAmong(await memory.find(items.map(({ id }) => id)), memory.rows, items, vectors);
}

/** Appends a row per item whose id is not there, and came not before in `items`; how many there were. */
export async function planAdd(
  memory: CollectionMemory,
  items: readonly StoredItem[],
  vectors: Float32Array<ArrayBuffer>,
): Promise<Plan<number>> {
  const { dimension } = memory.record;
  const found = await memory.find(items.map(({ id }) => id));
  const seen = new Set<string>();
  const fresh = items.flatMap((item, index) => {
    if (found.has(item.id) || seen.has(item.id)) return [];
    seen.add(item.id);
    return [{ item, index }];
  });
  const rows = new Float32Array(fresh.length * dimension);
  fresh.forEach(({ index }, place) => {
    rows.set(vectors.subarray(index * dimension, (index + 1) * dimension), place * dimension);
  });
  const added = putAmong(
    found,
    memory.rows,
    fresh.map(({ item }) => item),
    rows,
  );
  return { ...added, result: fresh.length };
}

/**
 * Appends the vectors of those ids that are rough, and moves their items there; whether each was
 * rough. A new row, as vectors in place never change: what another tab has of them stays right.
 */
export async function planRefine(
  memory: CollectionMemory,
  ids: readonly string[],
  vectors: Float32Array<ArrayBuffer>,
): Promise<Plan<readonly boolean[]>> {
  const { dimension } = memory.record;
  const found = await memory.find(ids);
  const rows = new Map<number, ItemRecord | null>();
  const moved: Float32Array[] = [];
  const result = ids.map((id, index) => {
    const known = found.get(id);
    // Of an id that is given twice the first one counts.
    if (known?.item.rough !== true || rows.has(known.row)) return false;
    rows.set(known.row, null);
    rows.set(memory.rows + moved.length, recordOf({ ...known.item, rough: false }));
    moved.push(vectors.subarray(index * dimension, (index + 1) * dimension));
    return true;
  });
  if (moved.length === 0) return { change: null, result };
  const appended = new Float32Array(moved.length * dimension);
  moved.forEach((vector, place) => appended.set(vector, place * dimension));
  return { change: { vectors: appended, items: rows }, result };
}

/**
 * Merges top-level keys; false when there is no such item. A packed row never changes: its item moves
 * to a new one, with its vector.
 */
export async function planUpdate(
  memory: CollectionMemory,
  {
    id,
    meta,
    fields,
  }: { readonly id: string; readonly meta: Meta | null; readonly fields: TextFields | null },
): Promise<Plan<boolean>> {
  const found = (await memory.find([id])).get(id);
  if (found === undefined) return { change: null, result: false };
  const { row, item } = found;
  const merged = {
    ...item,
    meta: { ...item.meta, ...meta },
    fields: { ...item.fields, ...fields },
  };
  if (row >= memory.log.first) {
    return { change: { vectors: NO_VECTORS, items: new Map([[row, merged]]) }, result: true };
  }
  const [vectors = NO_VECTORS] = await memory.vectors([row]);
  const items = new Map([
    [row, null],
    [memory.rows, merged],
  ]);
  return { change: { vectors, items }, result: true };
}

/** The rows of the ids die; how many there were. */
export async function planDelete(
  memory: CollectionMemory,
  ids: readonly string[],
): Promise<Plan<number>> {
  const gone = [...(await memory.find(ids))];
  if (gone.length === 0) return { change: null, result: 0 };
  const pictures = { thumbnail: null, original: null, sparse: null, tokens: null, isKnown: true };
  return {
    change: {
      vectors: NO_VECTORS,
      items: new Map(gone.map(([, { row }]): [number, null] => [row, null])),
    },
    pictures: new Map(gone.map(([id]) => [id, pictures])),
    result: gone.length,
  };
}

function putAmong(
  found: ReadonlyMap<string, FoundRow>,
  end: number,
  items: readonly StoredItem[],
  vectors: Float32Array<ArrayBuffer>,
): Plan<void> {
  if (items.length === 0) return { change: null, result: undefined };
  const isOutdone = ({ id, rough }: StoredItem): boolean => rough === true && found.has(id);
  const rowOf = new Map<string, number>();
  items.forEach((item, index) => {
    if (!isOutdone(item)) rowOf.set(item.id, end + index);
  });
  if (rowOf.size === 0) return { change: null, result: undefined };
  const rows = new Map<number, ItemRecord | null>();
  for (const id of rowOf.keys()) {
    const replaced = found.get(id)?.row;
    if (replaced !== undefined) rows.set(replaced, null);
  }
  items.forEach((item, index) => {
    const row = end + index;
    // Twice in one put: the last one counts.
    rows.set(row, rowOf.get(item.id) === row ? recordOf(item) : null);
  });
  return {
    change: { vectors, items: rows },
    pictures: new Map(
      items
        .filter(({ id }) => rowOf.has(id))
        .map(({ id, thumbnail, original, signals }) => {
          const pictures = { thumbnail, original, isKnown: found.has(id) };
          return [id, { ...pictures, ...encodeSignals(signals) }];
        }),
    ),
    result: undefined,
  };
}

function encodeSignals(signals: ItemSignals | null | undefined) {
  const { sparse = null, colbert = null } = signals ?? {};
  return {
    sparse: sparse && encodeLexical(sparse),
    tokens: colbert && encodeTokens(colbert),
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
