/**
 * What a Parquet file claims about its pages, before the library believes it: it makes room for as many
 * values and bytes as a page's header says, and would be busy for minutes over a damaged one.
 */
import type { AsyncBuffer, ColumnMetaData, RowGroup } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { importInvalid } from './import-error';

/** Values of a column in a row group: at most so many are unpacked at a time. */
export const MAX_GROUP_VALUES = 2 ** 25;
/** Snappy makes at most 64 bytes of 3; what is not packed has its own size. */
const MOST_GAIN = 22;
/** A page of few bytes may say little and mean nothing. */
const SMALL_PAGE_BYTES = 1024;

/** Throws `import-invalid` when a page claims more than its column does, or than its bytes can hold. */
export async function checkPages(file: AsyncBuffer, { columns }: RowGroup): Promise<void> {
  for (const { meta_data: column } of columns) {
    if (column !== undefined) await checkColumn(file, column);
  }
}

async function checkColumn(file: AsyncBuffer, column: ColumnMetaData): Promise<void> {
  const name = column.path_in_schema.join('.');
  const values = Number(column.num_values);
  if (!(values >= 0 && values <= MAX_GROUP_VALUES)) {
    throw importInvalid(
      `The column "${name}" says that it has ${values} values in a row group; at most ` +
        `${MAX_GROUP_VALUES} can be read: the file is damaged, or its row groups are too large.`,
    );
  }
  const { dictionary_page_offset: dictionary, data_page_offset: data } = column;
  const start = Number(dictionary === undefined || dictionary === 0n ? data : dictionary);
  const bytes = await file.slice(start, start + Number(column.total_compressed_size));
  const reader = { view: new DataView(bytes), offset: 0 };
  let left = values;
  // As the library goes on: to the last byte but one.
  while (reader.offset < bytes.byteLength - 1) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    const most = Math.max(SMALL_PAGE_BYTES, packed * MOST_GAIN);
    const isSized = packed >= 0 && reader.offset + packed <= bytes.byteLength && unpacked <= most;
    if (!isSized || !(unpacked >= 0))
      throw damaged(name, `bytes (${packed}, ${unpacked} unpacked)`);
    const entries = header.dictionary_page_header?.num_values ?? 0;
    if (!(entries >= 0 && entries <= Math.max(unpacked, SMALL_PAGE_BYTES))) {
      throw damaged(name, `entries (${entries})`);
    }
    const { data_page_header: first, data_page_header_v2: second } = header;
    for (const count of [first?.num_values ?? 0, second?.num_values ?? 0]) {
      if (!(count >= 0 && count <= left)) throw damaged(name, `values (${count})`);
      left -= count;
    }
    const [rows, nulls] = [second?.num_rows ?? 0, second?.num_nulls ?? 0];
    if (!(rows >= 0 && rows <= values && nulls >= 0 && nulls <= values)) {
      throw damaged(name, `rows (${rows}, ${nulls} null)`);
    }
    reader.offset += packed;
  }
}

function damaged(column: string, what: string): Error {
  return importInvalid(`A page of the column "${column}" claims more ${what} than it can have.`);
}
