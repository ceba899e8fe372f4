/** Brings a collection from disk to memory: all of it, or what changed since it was last read. */
import type { ScoreKernel } from '../core/kernel/score-kernel';
import type { ItemRecord } from '../protocol/store-contract';
import { CollectionMemory, type Change } from './collection-memory';
import { partsOf, type CollectionRecord, type StoreTransaction } from './schema';
import { unpackVectors } from './segments';

/** Segments held twice, as read and in the kernel's memory, while a large collection loads. */
const SEGMENTS_PER_READ = 32;

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
  const memory = new CollectionMemory(kernel, record);
  memory.reserve(record.rows);
  const count = Math.ceil(record.rows / record.segmentRows);
  const segments = Array.from({ length: count }, (_, index) => index);
  for (let first = 0; first < count; first += SEGMENTS_PER_READ) {
    // Nobody else has this memory yet: it may grow piece by piece.
    const piece = segments.slice(first, first + SEGMENTS_PER_READ);
    memory.apply(await readSegments(transaction, record, piece, memory.rows));
  }
  return memory;
}

/** False when the journal does not reach back far enough. */
async function catchUp<Mode extends 'readonly' | 'readwrite'>(
  transaction: StoreTransaction<Mode>,
  record: CollectionRecord,
  memory: CollectionMemory,
): Promise<boolean> {
  const since = memory.record.revision;
  const parts = partsOf(record);
  const journal = await transaction
    .objectStore('journal')
    .getAll(IDBKeyRange.bound([parts, since + 1], [parts, record.revision]));
  if (journal.length !== record.revision - since) return false;
  const touched = [...new Set(journal.flat())].sort((left, right) => left - right);
  const change = await readSegments(transaction, record, touched, memory.rows);
  memory.reserve(record.rows - memory.rows);
  // At once: a search sees all of the change or nothing of it.
  memory.apply(change);
  return true;
}

/** What the given segments, ascending, bring to a memory of `knownRows` rows. */
async function readSegments<Mode extends 'readonly' | 'readwrite'>(
  transaction: StoreTransaction<Mode>,
  record: CollectionRecord,
  indices: readonly number[],
  knownRows: number,
): Promise<Change> {
  const { dimension, segmentRows, rows } = record;
  const parts = partsOf(record);
  const endOf = (index: number): number => Math.min((index + 1) * segmentRows, rows);
  // In a segment that did not grow only items can have changed.
  const grown = indices.filter((index) => endOf(index) > knownRows);
  // Single requests: Chromium answers many of them sooner than one for a range of large values.
  const [pages, segments] = await Promise.all([
    Promise.all(indices.map((index) => transaction.objectStore('items').get([parts, index]))),
    Promise.all(grown.map((index) => transaction.objectStore('vectors').get([parts, index]))),
  ]);

  const items = new Map<number, ItemRecord | null>();
  indices.forEach((index, place) => {
    pages[place]?.forEach((item, offset) => items.set(index * segmentRows + offset, item));
  });
  const end = Math.max(knownRows, endOf(indices.at(-1) ?? 0));
  const vectors = new Float32Array((end - knownRows) * dimension);
  grown.forEach((index, place) => {
    const first = index * segmentRows;
    const data = unpackVectors(record, segments[place], endOf(index) - first);
    const skipped = Math.max(0, knownRows - first);
    vectors.set(data.subarray(skipped * dimension), (first + skipped - knownRows) * dimension);
  });
  return { record, vectors, items };
}
