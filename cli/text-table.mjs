/** Columns for the terminal. */

/**
 * @param {readonly (readonly string[])[]} rows of as many cells each
 * @param {readonly number[]} [right] columns that are flush right, such as numbers
 */
export function textTable(rows, right = []) {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => length(row[at]))));
  return rows
    .map((row) =>
      row
        .map((cell, at) => {
          const room = ' '.repeat((widths[at] ?? 0) - length(cell));
          return right.includes(at) ? room + cell : cell + room;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {number} bytes */
export function bytesText(bytes) {
  return bytes.toLocaleString('en-GB');
}

/** @param {string | undefined} cell */
function length(cell) {
  return cell?.length ?? 0;
}
