/** JSON Lines: one object per line; blank lines are lines without a row. */
import { ByteReader, type ByteSource } from './byte-reader';
import { parseJson } from './json-text';
import { parseRow, type ParsedRow } from './vector-row';

/** A vector of 65,536 numbers takes some 1.5 MB. */
const MAX_LINE_BYTES = 16 * 2 ** 20;

/** Line after line: its number, from 0, and how to read it, which may throw `import-invalid`. */
export async function* readLines(
  bytes: ByteSource,
): AsyncGenerator<{ readonly line: number; readonly read: () => unknown }, void> {
  const reader = new ByteReader(bytes);
  try {
    for (let line = 0; ; line++) {
      const text = await reader.readLine(MAX_LINE_BYTES);
      if (text === null) return;
      // Of spaces, tabs and carriage returns, as JSON has them.
      if (text.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) continue;
      yield { line, read: () => parseJson(text, `Line ${line + 1}`) };
    }
  } finally {
    await reader.close();
  }
}

/** Rows with a vector in each. Throws `import-invalid` when a line is too long to be one. */
export async function* readJsonl(
  bytes: ByteSource,
  dimension: number,
): AsyncGenerator<ParsedRow, void> {
  for await (const { line, read } of readLines(bytes)) yield parseRow(line, read, dimension);
}
