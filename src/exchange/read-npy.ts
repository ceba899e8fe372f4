/** Vectors from an NPY file, and ids, meta and fields from a JSON Lines file beside it. */
import { decodeFloat16 } from '../core/codes/float16';
import { PhotoglotError } from '../errors';
import { ByteReader, type ByteSource } from './byte-reader';
import { isObject } from './check-record';
import { importInvalid } from './import-error';
import { readNpyHeader, type NpyType } from './npy-header';
import { readLines } from './read-jsonl';
import { parseRow, type ParsedRow } from './vector-row';

/** Numbers that are read at a time; a row at least. */
const NUMBERS_AT_ONCE = 2 ** 18;

const BYTES: Readonly<Record<NpyType, number>> = { '<f2': 2, '<f4': 4, '<f8': 8 };

type Lines = AsyncGenerator<{ readonly read: () => unknown }, void>;

/** The rows, and how many there are. */
export interface NpyRows {
  readonly total: number;
  readonly rows: AsyncGenerator<ParsedRow, void>;
}

/**
 * Opens the files. Throws `import-invalid` and `dimension-mismatch`; so do the rows, with the former,
 * when the files end too soon or too late.
 *
 * @param items one line per row; null: no more than vectors is known
 */
export async function readNpy(
  files: { readonly vectors: ByteSource; readonly items: ByteSource | null },
  dimension: number,
): Promise<NpyRows> {
  const reader = new ByteReader(files.vectors);
  const { type, rows: total, columns } = await readNpyHeader(reader);
  if (columns !== dimension) {
    throw new PhotoglotError(
      'dimension-mismatch',
      `The NPY file has vectors of ${columns} numbers; those of the collection have ${dimension}.`,
    );
  }
  const lines = files.items === null ? null : readLines(files.items);
  return { total, rows: rowsOf(reader, { type, total, dimension }, lines) };
}

async function* rowsOf(
  reader: ByteReader,
  { type, total, dimension }: { type: NpyType; total: number; dimension: number },
  lines: Lines | null,
): AsyncGenerator<ParsedRow, void> {
  try {
    const atOnce = Math.max(1, Math.floor(NUMBERS_AT_ONCE / dimension));
    for (let first = 0; first < total; first += atOnce) {
      const count = Math.min(atOnce, total - first);
      const bytes = await reader.read(count * dimension * BYTES[type], 'the vectors');
      const numbers = decode(type, bytes);
      for (let index = 0; index < count; index++) {
        const vector = numbers.slice(index * dimension, (index + 1) * dimension);
        yield await rowOf(first + index, vector, lines);
      }
    }
    const rest = await reader.readUpTo(1);
    if (rest.length > 0) throw importInvalid(`The NPY file goes on behind its ${total} vectors.`);
    if (lines !== null && (await lines.next()).done !== true) {
      throw importInvalid(
        `There are more lines of items than the ${total} vectors: they may not belong together.`,
      );
    }
  } finally {
    await reader.close();
    await lines?.return();
  }
}

async function rowOf(
  row: number,
  vector: Float32Array<ArrayBuffer>,
  lines: Lines | null,
): Promise<ParsedRow> {
  const line = await lines?.next();
  if (line?.done === true) {
    throw importInvalid(
      `There is no line of items for vector ${row}: the file of items is shorter.`,
    );
  }
  const read = line?.value.read ?? (() => ({}));
  const withVector = (): unknown => {
    const item = read();
    return isObject(item) ? { ...item, vector } : item;
  };
  return parseRow(row, withVector, vector.length);
}

function decode(type: NpyType, { buffer }: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  switch (type) {
    case '<f2': {
      const half = new Uint16Array(buffer);
      const numbers = new Float32Array(half.length);
      decodeFloat16(half, numbers);
      return numbers;
    }
    case '<f4':
      return new Float32Array(buffer);
    case '<f8':
      return Float32Array.from(new Float64Array(buffer));
    default:
      return type satisfies never;
  }
}
