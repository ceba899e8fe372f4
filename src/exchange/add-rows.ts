/** Adds rows to a collection, some at a time, and reports what became of them. */
import { contentId } from '../core/content-id';
import { abortedError } from '../core/until-aborted';
import type { RowProgress, StoredItem, VectorImportReport } from '../protocol/store-contract';
import type { ParsedRow, VectorRow } from './vector-row';

/** Where rows are added. */
export interface RowTable {
  /**
   * Adds those of the items whose id is not there, and of those with one id the first; resolves to how many
   * it added. `vectors` holds one row per item. In one step, as others write at the same time: what they
   * put is never replaced.
   */
  add(items: readonly StoredItem[], vectors: Float32Array<ArrayBuffer>): Promise<number>;
}

/** Rows of a batch: few enough for one transaction. */
const BATCH_ROWS = 512;
const BATCH_NUMBERS = 2 ** 19;
/** Of a file that is wrong throughout, the first rows say enough. */
const MAX_FAILURES = 1000;

export interface RowImport {
  readonly rows: AsyncIterable<ParsedRow>;
  /** Null when it is not known. */
  readonly total: number | null;
  readonly table: RowTable;
  readonly progress: (progress: RowProgress) => void;
  readonly signal: AbortSignal;
}

type GoodRow = VectorRow & { readonly id: string };

/** Throws what reading and adding do, and `aborted`; the batches that were added stay. */
export async function addRows(task: RowImport): Promise<VectorImportReport> {
  const { rows, total, table, progress, signal } = task;
  const failed: VectorImportReport['failed'][number][] = [];
  let [done, added, skipped, failedCount] = [0, 0, 0, 0];
  let batch: GoodRow[] = [];
  const flush = async (): Promise<void> => {
    const fresh = batch.length === 0 ? 0 : await add(batch, table);
    added += fresh;
    skipped += batch.length - fresh;
    batch = [];
    progress({ done, total });
  };
  for await (const parsed of rows) {
    if (signal.aborted) throw abortedError(signal);
    done++;
    if (parsed.ok) {
      const { value } = parsed;
      batch.push({ ...value, id: value.id ?? (await idOf(value)) });
    } else if (++failedCount <= MAX_FAILURES) {
      const { row, id, error } = parsed;
      failed.push({ row, id, code: error.code, message: error.message });
    }
    const size = batch.length * (batch[0]?.vector.length ?? 0);
    if (batch.length >= BATCH_ROWS || size >= BATCH_NUMBERS) await flush();
  }
  await flush();
  return { added, skipped, failedCount, failed };
}

/** How many of them were added. */
function add(rows: readonly GoodRow[], table: RowTable): Promise<number> {
  const [first] = rows;
  const dimension = first?.vector.length ?? 0;
  const vectors = new Float32Array(rows.length * dimension);
  rows.forEach(({ vector }, index) => vectors.set(vector, index * dimension));
  const items = rows.map(({ id, meta, fields, rough }) => ({
    id,
    meta,
    fields,
    rough,
    thumbnail: null,
    original: null,
  }));
  return table.add(items, vectors);
}

/** As `add` makes it. */
function idOf({ vector }: VectorRow): Promise<string> {
  return contentId({ image: null, text: null, vector, fields: null });
}
