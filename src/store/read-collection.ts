/** Brings a collection from disk to memory: all of it, or what changed since it was last read. */
import type { ScoreKernel } from '../core/kernel/score-kernel';
import type { ItemRecord } from '../protocol/store-contract';
import { CollectionMemory } from './collection-memory';
import { keysOf, type CollectionRecord, type ItemEntry, type StoreTransaction } from './schema';
import { unpacked } from './segments';

/** Segments held twice, as read and in the kernel's memory, while a large collection loads. */
const SEGMENTS_PER_READ = 64;

/**
 * The collection as `transaction` sees it: `known` itself, brought up to date, or a new memory;
 * null when there is no such collection. One transaction, hence one state: never half a write.
 */
export async function readCollection<Mode extends 'readonly' | 'readwrite'>(
  transaction: StoreTransaction<Mode>,
  name: string,
  known: CollectionMemory | null,
  kernel: ScoreKernel,
): Promise<CollectionMemory | null> {
  const record = await transaction.objectStore('collections').get(name);
  if (record === undefined) return null;
  if (known?.record.generation === record.generation) {
    if (known.record.revision === record.revision) return known;
    if (await catchUp(transaction, record, known)) return known;
  }
  return load(transaction, record, kernel);
}

async function load<Mode extends 'readonly' | 'readwrite'>(
  transaction: StoreTransaction<Mode>,
  record: CollectionRecord,
  kernel: ScoreKernel,
): Promise<CollectionMemory> {
  const { name } = record;
  const memory = new CollectionMemory(kernel, record);
  memory.reserve(record.rows);
  const entries = transaction.objectStore('items').getAll(keysOf(name));
  // When a segment fails first, nobody waits for this one.
  entries.catch(() => undefined);
  const segments = transaction.objectStore('segments');
  for (let first = 0; first * record.segmentRows < record.rows; first += SEGMENTS_PER_READ) {
    const last = first + SEGMENTS_PER_READ - 1;
    const range = IDBKeyRange.bound([name, first], [name, last]);
    for (const segment of await segments.getAll(range)) {
      memory.appendRows(unpacked(record, segment));
    }
  }
  memory.settle(record, itemsOf(await entries));
  return memory;
}

/** False when the journal does not reach back far enough. */
async function catchUp<Mode extends 'readonly' | 'readwrite'>(
  transaction: StoreTransaction<Mode>,
  record: CollectionRecord,
  memory: CollectionMemory,
): Promise<boolean> {
  const { name, segmentRows } = record;
  const since = memory.record.revision;
  const journal = await transaction
    .objectStore('journal')
    .getAll(IDBKeyRange.bound([name, since + 1], [name, record.revision]));
  if (journal.length !== record.revision - since) return false;

  const touched = [...new Set(journal.flatMap(({ ids }) => ids))];
  const openSegment = Math.floor(memory.rows / segmentRows);
  const [segments, ...entries] = await Promise.all([
    transaction
      .objectStore('segments')
      .getAll(IDBKeyRange.bound([name, openSegment], [name, Infinity])),
    ...touched.map((id) => transaction.objectStore('items').get([name, id])),
  ]);

  const items = new Map<string, ItemRecord | null>(touched.map((id) => [id, null]));
  for (const [id, item] of itemsOf(entries.filter((entry) => entry !== undefined))) {
    items.set(id, item);
  }
  const first = memory.rows;
  const rows = segments.map((segment) =>
    unpacked(record, segment, segment.index === openSegment ? first % segmentRows : 0),
  );
  memory.reserve(record.rows - first);
  // From here on nothing fails or waits: a search sees all of the change or nothing of it.
  for (const each of rows) memory.appendRows(each);
  memory.settle(record, items);
  return true;
}

function itemsOf(entries: readonly ItemEntry[]): Map<string, ItemRecord> {
  return new Map(entries.map(({ id, meta, fields }) => [id, { id, meta, fields }]));
}
