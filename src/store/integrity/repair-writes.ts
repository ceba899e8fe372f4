/** What the record and the database become when everything that is damaged is given up. */
import { Bitset } from '../../core/bitset';
import { encodeVectors } from '../../core/vector-codec';
import { layoutOf, keysOf, partsOf, packedRowsOf, type CollectionRecord } from '../schema';
import type { Deletion, Put, Writes } from '../writes';
import type { Checkup } from './checkup';
import type { LeftoverRecords } from './leftover-records';
import type { FileRepair } from './rewrite-damaged';

/**
 * @param sound how many items there are
 * @param keepsLeft whether what is beside no item stays: it may be of items that are lost
 */
export function repairWrites(
  checkup: Checkup,
  files: readonly FileRepair[],
  leftovers: LeftoverRecords,
  { sound, keepsLeft }: { readonly sound: number; readonly keepsLeft: boolean },
): [CollectionRecord, Writes] {
  const { record, attachments } = checkup;
  const parts = partsOf(record);
  const logRows = record.rows - packedRowsOf(record);
  const kept = files.flatMap(({ becomes }) => becomes ?? []);
  const after: CollectionRecord = {
    ...record,
    ...(files.length > 0 && { files: kept.map(({ name, rows }) => ({ name, rows })) }),
    rows: kept.reduce((sum, { rows }) => sum + rows, logRows),
    count: sound,
    revision: record.revision + 1,
    // Rows may have other numbers, and other tabs know what was damaged.
    generation: crypto.randomUUID(),
    layout: layoutOf(record) + 1,
  };
  const deaths = files.map((each) => deathWrites(parts, each));
  const gone = attachments.filter(({ fault }) => fault === 'damaged' || !keepsLeft);
  return [
    after,
    {
      deletions: [
        { store: 'journal', keys: keysOf(parts) },
        ...leftovers.deletions,
        ...deaths.flatMap(({ deletions }) => deletions),
        ...gone.map(({ store, key }): Deletion => ({ store, keys: IDBKeyRange.only(key) })),
      ],
      puts: [...segmentPuts(checkup), ...deaths.flatMap(({ puts }) => puts)],
    },
  ];
}

/** Of segments where anything changes. */
function segmentPuts({ record, segments }: Checkup): Put[] {
  const { dimension } = record;
  const parts = partsOf(record);
  return segments.flatMap(({ index, items, vectors, givenUp }): Put[] => {
    const key: [string, number] = [parts, index];
    const page: Put = { store: 'items', key, value: items };
    if (vectors === null) return givenUp > 0 ? [page] : [];
    return [page, { store: 'vectors', key, value: encodeVectors({ data: vectors, dimension }) }];
  });
}

/** A file that stays may have more dead rows; one that is written anew has none. */
function deathWrites(parts: string, { checked, becomes }: FileRepair): Writes {
  const { placed, live, lost, isDeletionsKnown } = checked;
  const key: [string, string] = [parts, placed.name];
  const deletions: Deletion[] = [{ store: 'deaths', keys: key }];
  if (becomes?.name !== placed.name) return { deletions, puts: [] };
  const sound = live.difference(lost);
  const isSame = isDeletionsKnown && sound.count() === live.count();
  if (isSame) return { deletions: [], puts: [] };
  const dead = Bitset.full(placed.rows).difference(sound);
  return { deletions, puts: [{ store: 'deaths', key, value: dead.bytes }] };
}
