/** Vectors from a Parquet file, row group by row group. */
import {
  parquetScan,
  type AsyncBuffer,
  type DecodedArray,
  type ParquetScan,
  type SchemaElement,
} from 'hyparquet';
import { isPhotoglotError, PhotoglotError } from '../errors';
import { checkPages, MAX_GROUP_VALUES } from './check-parquet-pages';
import { importInvalid } from './import-error';
import { MODEL_KEY } from './parquet-model-key';
import { parseRow, type ParsedRow } from './vector-row';

/** The rows, and how many there are. */
export interface ParquetRows {
  readonly total: number;
  /** What the file says of its model; null if it says nothing. */
  readonly model: string | null;
  readonly rows: AsyncGenerator<ParsedRow, void>;
}

/**
 * Opens the file. Throws `import-invalid` for what is no Parquet file, or one that is packed in a way
 * that is not known here, and `too-large` for row groups that do not fit; so do its rows.
 */
export async function readParquet(file: Blob, dimension: number): Promise<ParquetRows> {
  const buffer: AsyncBuffer = {
    byteLength: file.size,
    slice: (start, end = file.size) => pieceOf(file, start, end),
  };
  // Looking for geometry, the library counts as far as a damaged schema says.
  const scan = await known(() => parquetScan({ file: buffer, geoparquet: false }));
  const { num_rows: total, schema, key_value_metadata: pairs = [] } = scan.metadata;
  const model = pairs.find(({ key }) => key === MODEL_KEY)?.value ?? null;
  const columns = topLevelNames(schema);
  return { total: Number(total), model, rows: rowsOf(buffer, scan, columns, dimension) };
}

/** The library asks for whatever places a file names. Throws at once: it may not look at what it has asked for. */
function pieceOf(file: Blob, start: number, end: number): Promise<ArrayBuffer> {
  const isWithin =
    Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end;
  if (isWithin && end <= file.size) return file.slice(start, end).arrayBuffer();
  throw importInvalid(
    `The Parquet file names bytes ${start} to ${end} of itself; it has ${file.size}: it is damaged.`,
  );
}

/** The schema is a tree, written from the root downwards, each node before its children. */
function topLevelNames(schema: readonly SchemaElement[]): string[] {
  const [root, ...rest] = schema;
  const names: string[] = [];
  // Nodes that are still to come below the column that came last.
  let below = 0;
  for (const { name, num_children: children = 0 } of rest) {
    if (below === 0) names.push(name);
    else below--;
    below += children;
  }
  return names.slice(0, root?.num_children ?? 0);
}

async function* rowsOf(
  file: AsyncBuffer,
  scan: ParquetScan,
  columns: readonly string[],
  dimension: number,
): AsyncGenerator<ParsedRow, void> {
  // Without a filter there is a range for each row group that has rows.
  const groups = scan.metadata.row_groups.filter(({ num_rows: rows }) => rows > 0n);
  for (const [index, { rowStart, rowEnd }] of scan.ranges.entries()) {
    const count = rowEnd - rowStart;
    if (count * dimension > MAX_GROUP_VALUES) {
      throw new PhotoglotError(
        'too-large',
        `A row group of the Parquet file has ${count} rows; at most ` +
          `${Math.floor(MAX_GROUP_VALUES / dimension)} of dimension ${dimension} can be read at once: ` +
          'write it with smaller ones, such as row_group_size=10000.',
      );
    }
    const claimed = groups[index];
    if (claimed === undefined)
      throw importInvalid('The Parquet file has no row groups for its rows.');
    await known(() => checkPages(file, claimed));
    const group: (readonly [string, DecodedArray])[] = [];
    // One after the other: of several at a time, all but one could fail unnoticed.
    for (const column of columns) {
      const data = await known(() => scan.readColumn({ column, rowStart, rowEnd }));
      if (data.length !== count) {
        throw importInvalid(`The column "${column}" has ${data.length} of ${count} rows.`);
      }
      group.push([column, data]);
    }
    for (let place = 0; place < count; place++) {
      const read = (): unknown =>
        Object.fromEntries(group.map(([column, data]) => [column, data[place] as unknown]));
      yield parseRow(rowStart + place, read, dimension);
    }
  }
}

/** The library throws plain errors. */
async function known<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    if (isPhotoglotError(thrown)) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw importInvalid(`The Parquet file cannot be read (${reason}).`, thrown);
  }
}
