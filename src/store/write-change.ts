/** What changes of a collection come to on the disk. */
import { Bitset } from '../core/bitset';
import type { CollectionMemory, Change } from './collection-memory';
import { placedFiles } from './deaths';
import {
  keysOf,
  PACKED_ROWS,
  PART_STORES,
  partsOf,
  segmentsOf,
  type CollectionRecord,
} from './schema';
import { changedItems, changedVectors, vectorSegments } from './segments';
import type { Deletion, Put, Writes } from './writes';

/** Writes that another tab may miss and still catch up without reading everything. */
const JOURNAL_LENGTH = 64;

/** What becomes of an item's pictures and signals; null for none. */
export interface NewPictures {
  readonly thumbnail: Blob | null;
  readonly original: Blob | null;
  /** As stored. */
  readonly sparse: ArrayBuffer | null;
  readonly tokens: ArrayBuffer | null;
  /** Whether the item may have others. */
  readonly isKnown: boolean;
}

/** By the ids of their items. */
export type Pictures = ReadonlyMap<string, NewPictures>;

/** What `change`, which starts from the state of `memory`, and `pictures` come to. */
export function changeWrites(memory: CollectionMemory, change: Change, pictures: Pictures): Writes {
  const { record } = change;
  const { revision } = record;
  const parts = partsOf(record);
  const items = changedItems(memory, change);
  const deaths = changedDeaths(memory, change);
  const touched = items.map(({ index }) => index);
  if (deaths.length > 0) touched.push(PACKED_ROWS);
  const ofPictures = pictureWrites(parts, pictures);
  return {
    deletions: [
      { store: 'journal', keys: IDBKeyRange.bound([parts], [parts, revision - JOURNAL_LENGTH]) },
      ...ofPictures.deletions,
    ],
    puts: [
      ...changedVectors(memory, change).map(({ index, value }): Put => ({
        store: 'vectors',
        key: [parts, index],
        value,
      })),
      ...items.map(({ index, value }): Put => ({ store: 'items', key: [parts, index], value })),
      ...deaths,
      { store: 'journal', key: [parts, revision], value: touched },
      ...ofPictures.puts,
    ],
  };
}

/** The log without dead rows. Pictures and packed files stay as they are. */
export function compactionWrites(memory: CollectionMemory, record: CollectionRecord): Writes {
  const parts = partsOf(record);
  const { log } = memory;
  const { segmentRows, dimension } = record;
  const { first } = segmentsOf(record);
  const live = log.liveRows();
  const data = new Float32Array(live.length * dimension);
  live.forEach((row, place) => data.set(log.slice(row, row + 1).vectors, place * dimension));
  const vectors = vectorSegments(record, first, data);
  return {
    deletions: (['vectors', 'items', 'journal'] as const).map((store) => ({
      store,
      keys: keysOf(parts),
    })),
    puts: vectors.flatMap(({ index, value }): Put[] => {
      const start = (index - first) * segmentRows;
      const page = live.slice(start, start + segmentRows).map((row) => log.itemAt(row));
      return [
        { store: 'vectors', key: [parts, index], value },
        { store: 'items', key: [parts, index], value: page },
      ];
    }),
  };
}

/** Deletes all whose keys start with `parts`. */
export function emptyingWrites(parts: string): Writes {
  return {
    deletions: PART_STORES.map((store) => ({ store, keys: keysOf(parts) })),
    puts: [],
  };
}

/** The bits of the packed files of which rows die. */
function changedDeaths(memory: CollectionMemory, { record, items }: Change): Put[] {
  const dying = [...items.keys()].filter((row) => row < memory.log.first);
  const live = memory.packed?.live;
  if (dying.length === 0 || live === undefined) return [];
  return placedFiles(record).flatMap(({ name, first, rows }): Put[] => {
    const own = dying.filter((row) => row >= first && row < first + rows);
    if (own.length === 0) return [];
    const dead = Bitset.full(rows).difference(live.slice(first, first + rows));
    for (const row of own) dead.add(row - first);
    return [{ store: 'deaths', key: [partsOf(record), name], value: dead.bytes }];
  });
}

function pictureWrites(parts: string, pictures: Pictures): { deletions: Deletion[]; puts: Put[] } {
  const deletions: Deletion[] = [];
  const puts: Put[] = [];
  for (const [id, { thumbnail, original, sparse, tokens, isKnown }] of pictures) {
    const key: [string, string] = [parts, id];
    if (isKnown) {
      const stores = ['thumbnails', 'originals', 'sparse', 'tokens'] as const;
      deletions.push(...stores.map((store) => ({ store, keys: key })));
    }
    if (thumbnail !== null) puts.push({ store: 'thumbnails', key, value: thumbnail });
    if (original !== null) puts.push({ store: 'originals', key, value: original });
    if (sparse !== null) puts.push({ store: 'sparse', key, value: sparse });
    if (tokens !== null) puts.push({ store: 'tokens', key, value: tokens });
  }
  return { deletions, puts };
}
