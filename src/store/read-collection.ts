/** Brings a collection from disk to memory: all of it, or what changed since it was last read. */
import type { ScoreKernel } from '../core/kernel/score-kernel';
import { isPhotoglotError, PhotoglotError } from '../errors';
import type { ItemRecord } from '../protocol/store-contract';
import { CollectionMemory } from './collection-memory';
import type { Database } from './database';
import { placedFiles, unpackDeaths } from './deaths';
import type { PackFiles } from './pack-files';
import { PackedMemory } from './packed-memory';
import type { PackedRows } from './packed/packed-rows';
import {
  filesOf,
  firstRowOf,
  isSamePlace,
  isSameRecord,
  layoutOf,
  PACKED_ROWS,
  packedRowsOf,
  partsOf,
  ROW_STORES,
  segmentsOf,
  type CollectionRecord,
  type ItemPage,
  type StoreSchema,
  type StoreTransaction,
} from './schema';
import type { OpenVaults } from './sealed/open-vaults';
import type { StoredForm } from './sealed/stored-form';
import { unpackVectors } from './segments';
import { Shared } from './shared';

/** Segments held twice, as read and in the kernel's memory, while a large collection loads. */
const SEGMENTS_PER_READ = 32;

/** Where a collection is read from. */
export interface CollectionSource {
  readonly name: string;
  readonly database: Database;
  readonly packs: PackFiles;
  readonly vaults: OpenVaults;
  readonly kernel: ScoreKernel;
  /** Called when `known` is of no more use and another memory as large is about to be made. */
  readonly letGo: () => void;
}

/** Segments as they are stored. */
interface RawSegments {
  readonly indices: readonly number[];
  readonly pages: readonly (StoreSchema['items']['value'] | undefined)[];
  /** By the numbers of those that grew. */
  readonly vectors: ReadonlyMap<number, ArrayBuffer | undefined>;
}

/** Segments that are not sealed, or were opened. */
interface OpenSegments extends RawSegments {
  readonly pages: readonly (ItemPage | undefined)[];
}

/** Per packed file. */
type RawDeaths = readonly (Uint8Array<ArrayBuffer> | undefined)[];

/** What the disk has beyond a known memory. */
type News =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly record: CollectionRecord }
  | {
      readonly kind: 'change';
      readonly record: CollectionRecord;
      readonly segments: RawSegments;
      /** Null when they are as known. */
      readonly deaths: RawDeaths | null;
    };

/**
 * The newest state: `known` itself, brought up to date; or another memory, which the caller has to let go
 * of, as of `known` then. Null when there is no such collection. Never half a write.
 */
export async function readCollection(
  source: CollectionSource,
  known: CollectionMemory | null,
): Promise<CollectionMemory | null> {
  let memory = known;
  const letGo = (): void => {
    if (memory !== known) memory?.release();
  };
  try {
    for (;;) {
      const news = await source.database.transact('readonly', ROW_STORES, (transaction) =>
        readNews(transaction, source.name, memory),
      );
      if (news?.kind === 'none') return memory;
      const next = news === null ? null : await followNews(source, memory, news);
      // Files were replaced before they could be opened.
      if (next === null && news?.kind === 'change') continue;
      if (next !== memory) letGo();
      if (news?.kind !== 'unknown') return next;
      // It was read piece by piece: others may have written meanwhile, or moved rows.
      memory = next;
    }
  } catch (thrown) {
    letGo();
    throw thrown;
  }
}

async function readNews(
  transaction: StoreTransaction<'readonly'>,
  name: string,
  known: CollectionMemory | null,
): Promise<News | null> {
  const record = await transaction.objectStore('collections').get(name);
  if (record === undefined) return null;
  if (known?.record.generation !== record.generation) return { kind: 'unknown', record };
  if (isSameRecord(known.record, record)) return { kind: 'none' };
  const since = known.record.revision;
  const parts = partsOf(record);
  const journal =
    since === record.revision
      ? []
      : await transaction
          .objectStore('journal')
          .getAll(IDBKeyRange.bound([parts, since + 1], [parts, record.revision]));
  // It may not reach back far enough.
  if (journal.length !== record.revision - since) return { kind: 'unknown', record };
  const { first } = segmentsOf(record);
  const all = [...new Set(journal.flat())].sort((left, right) => left - right);
  const touched = all.filter((index) => index >= first);
  const isMoved = layoutOf(known.record) !== layoutOf(record);
  const [segments, deaths] = await Promise.all([
    readSegments(transaction, record, touched, Math.max(known.rows, packedRowsOf(record))),
    isMoved || all.includes(PACKED_ROWS) ? readDeaths(transaction, record) : null,
  ]);
  return { kind: 'change', record, segments, deaths };
}

/** Null when it has to be begun again. */
async function followNews(
  source: CollectionSource,
  known: CollectionMemory | null,
  news: Exclude<News, { readonly kind: 'none' }>,
): Promise<CollectionMemory | null> {
  const { record } = news;
  if (known === null || news.kind === 'unknown') return readAll(source, known, record);
  const isMoved = layoutOf(known.record) !== layoutOf(record);
  const form = await source.vaults.formOf(record);
  const deaths = news.deaths === null ? null : await openDeaths(form, record, news.deaths);
  const segments = await openSegments(form, record, news.segments);
  const memory = isMoved ? await moveMemory(source, known, record, deaths ?? []) : known;
  if (memory === null) return null;
  try {
    const { vectors, items } = unpackSegments(record, segments, memory.rows);
    if (deaths !== null && memory.packed !== null) {
      const { live } = memory.packed;
      const dead = live.difference(live.difference(unpackDeaths(record, deaths)));
      dead.forEach((row) => items.set(row, null));
    }
    memory.reserve(vectors.length / record.dimension);
    // At once: a search sees all of the change or nothing of it.
    memory.apply({ record, vectors, items });
    return memory;
  } catch (thrown) {
    if (memory !== known) memory.release();
    throw thrown;
  }
}

/** The same rows, of which others are packed now. Null when the files were replaced meanwhile. */
async function moveMemory(
  source: CollectionSource,
  known: CollectionMemory,
  record: CollectionRecord,
  deaths: RawDeaths,
): Promise<CollectionMemory | null> {
  const dead = unpackDeaths(record, deaths);
  const shared = await openRows(source, known, record);
  if (shared === null) return null;
  try {
    const log = known.log.startingAt(packedRowsOf(record));
    return new CollectionMemory(record, log, new PackedMemory(shared, dead));
  } catch (thrown) {
    shared.release();
    throw thrown;
  }
}

/**
 * Its pieces may be of later states than the record: what was touched meanwhile has to be read once more,
 * which brings all of them to one state. Null when rows moved meanwhile.
 */
async function readAll(
  source: CollectionSource,
  known: CollectionMemory | null,
  record: CollectionRecord,
): Promise<CollectionMemory | null> {
  const form = await source.vaults.formOf(record);
  const packed = await readPacked(source, form, known, record);
  if (packed === null) return null;
  const memory = CollectionMemory.empty(source.kernel, record, packed.memory);
  try {
    memory.reserve(record.rows - memory.rows);
    const { first, end } = segmentsOf(record);
    for (let start = first; start < end; start += SEGMENTS_PER_READ) {
      const length = Math.min(SEGMENTS_PER_READ, end - start);
      const piece = Array.from({ length }, (_, index) => start + index);
      const raw = await ifSame(source, record, (transaction) =>
        readSegments(transaction, record, piece, memory.rows),
      );
      if (raw === null) {
        memory.release();
        return null;
      }
      // Nobody else has this memory yet: it may grow piece by piece.
      const segments = await openSegments(form, record, raw);
      memory.apply({ record, ...unpackSegments(record, segments, memory.rows) });
    }
    return memory;
  } catch (thrown) {
    memory.release();
    throw thrown;
  }
}

/** Without packed files its memory is null. Null when it has to be begun again. */
async function readPacked(
  source: CollectionSource,
  form: StoredForm,
  known: CollectionMemory | null,
  record: CollectionRecord,
): Promise<{ readonly memory: PackedMemory | null } | null> {
  if (filesOf(record).length === 0) return { memory: null };
  const deaths = await ifSame(source, record, (transaction) => readDeaths(transaction, record));
  if (deaths === null) return null;
  const dead = unpackDeaths(record, await openDeaths(form, record, deaths));
  const shared = await openRows(source, known, record);
  return shared === null ? null : { memory: new PackedMemory(shared, dead) };
}

/**
 * What is in memory of the packed rows: that of `known` where files are the same, or hold the same rows, as
 * twice a million codes is too much. Null when the files were replaced meanwhile.
 */
function openRows(
  source: CollectionSource,
  known: CollectionMemory | null,
  record: CollectionRecord,
): Promise<Shared<PackedRows> | null> {
  const { packs, vaults } = source;
  const kept = known?.packed?.shared ?? null;
  const isNumbered = known?.record.generation === record.generation;
  return orNullIfMoved(source, record, async () => {
    const form = await vaults.formOf(record);
    if (kept !== null && (await packs.adopt(kept.value, filesOf(record), form, isNumbered))) {
      return kept.retain();
    }
    source.letGo();
    const rows = await packs.openRows(filesOf(record), form);
    return new Shared(rows, (value) => {
      value.close();
    });
  });
}

/** Null when rows are elsewhere by now. */
function ifSame<Result>(
  { database, name }: CollectionSource,
  record: CollectionRecord,
  read: (transaction: StoreTransaction<'readonly'>) => Promise<Result>,
): Promise<Result | null> {
  return database.transact('readonly', ROW_STORES, async (transaction) => {
    const current = await transaction.objectStore('collections').get(name);
    return current !== undefined && isSamePlace(current, record) ? read(transaction) : null;
  });
}

/** Null when a file is gone because the record names others by now. */
async function orNullIfMoved<Result>(
  source: CollectionSource,
  record: CollectionRecord,
  open: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await open();
  } catch (thrown) {
    if (!isPhotoglotError(thrown) || thrown.code !== 'not-found') throw thrown;
    const isSame = await ifSame(source, record, () => Promise.resolve(true));
    if (isSame === null) return null;
    throw new PhotoglotError(
      'storage',
      `The collection "${record.name}" is damaged: a file of its vectors is missing. Drop the ` +
        'collection and add its items again.',
      { cause: thrown },
    );
  }
}

function readDeaths<Mode extends 'readonly' | 'readwrite'>(
  transaction: StoreTransaction<Mode>,
  record: CollectionRecord,
): Promise<RawDeaths> {
  const parts = partsOf(record);
  const deaths = transaction.objectStore('deaths');
  return Promise.all(placedFiles(record).map(({ name }) => deaths.get([parts, name])));
}

function openDeaths(
  form: StoredForm,
  record: CollectionRecord,
  deaths: RawDeaths,
): Promise<RawDeaths> {
  const files = placedFiles(record);
  return Promise.all(
    deaths.map(async (bits, index) => {
      const name = files[index]?.name ?? '';
      return bits === undefined ? undefined : form.deaths([partsOf(record), name], bits);
    }),
  );
}

/** Outside of transactions, which do not wait for it. */
async function openSegments(
  form: StoredForm,
  record: CollectionRecord,
  { indices, pages, vectors }: RawSegments,
): Promise<OpenSegments> {
  const parts = partsOf(record);
  const [openPages, openVectors] = await Promise.all([
    Promise.all(
      pages.map(async (page, place) =>
        page === undefined ? undefined : form.items([parts, indices[place] ?? 0], page),
      ),
    ),
    Promise.all(
      Array.from(vectors, async ([index, bytes]) => {
        return [index, bytes && (await form.vectors([parts, index], bytes))] as const;
      }),
    ),
  ]);
  return { indices, pages: openPages, vectors: new Map(openVectors) };
}

/** The given segments, ascending, as a memory of `knownRows` rows needs them. */
async function readSegments<Mode extends 'readonly' | 'readwrite'>(
  transaction: StoreTransaction<Mode>,
  record: CollectionRecord,
  indices: readonly number[],
  knownRows: number,
): Promise<RawSegments> {
  const parts = partsOf(record);
  // In a segment that did not grow only items can have changed.
  const grown = indices.filter((index) => endOf(record, index) > knownRows);
  // Single requests: Chromium answers many of them sooner than one for a range of large values.
  const [pages, vectors] = await Promise.all([
    Promise.all(indices.map((index) => transaction.objectStore('items').get([parts, index]))),
    Promise.all(grown.map((index) => transaction.objectStore('vectors').get([parts, index]))),
  ]);
  return {
    indices,
    pages,
    vectors: new Map(grown.map((index, place) => [index, vectors[place]])),
  };
}

/** What segments bring to a memory of `knownRows` rows. */
function unpackSegments(
  record: CollectionRecord,
  { indices, pages, vectors: raw }: OpenSegments,
  knownRows: number,
): { vectors: Float32Array<ArrayBuffer>; items: Map<number, ItemRecord | null> } {
  const { dimension } = record;
  const items = new Map<number, ItemRecord | null>();
  indices.forEach((index, place) => {
    const first = firstRowOf(record, index);
    // A later state may have more.
    const page = pages[place]?.slice(0, record.rows - first);
    page?.forEach((item, offset) => items.set(first + offset, item));
  });
  const end = Math.max(knownRows, ...[...raw.keys()].map((index) => endOf(record, index)));
  const vectors = new Float32Array((end - knownRows) * dimension);
  for (const [index, bytes] of raw) {
    const first = firstRowOf(record, index);
    const data = unpackVectors(record, bytes, endOf(record, index) - first);
    const skipped = Math.max(0, knownRows - first);
    vectors.set(data.subarray(skipped * dimension), (first + skipped - knownRows) * dimension);
  }
  return { vectors, items };
}

/** The number behind that of a segment's last row. */
function endOf(record: CollectionRecord, segment: number): number {
  return Math.min(firstRowOf(record, segment) + record.segmentRows, record.rows);
}
