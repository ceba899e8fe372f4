/** Plain-text tables. */

/** @typedef {string | number | null | undefined} Cell */

/**
 * Columns as wide as they need; numbers to the right.
 * @param {readonly string[]} head @param {readonly (readonly Cell[])[]} rows
 */
export function table(head, rows) {
  const whole = head.map((_, column) =>
    rows.every(({ [column]: cell }) => typeof cell !== 'number' || Number.isInteger(cell)),
  );
  const cells = [head, ...rows.map((row) => row.map((cell, at) => show(cell, whole[at] === true)))];
  const widths = head.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  const right = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return right[column] === true ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {string} title @param {readonly string[]} head @param {readonly (readonly Cell[])[]} rows */
export function printTable(title, head, rows) {
  console.log(`\n${title}\n\n${table(head, rows)}`);
}

/** @param {Cell} cell @param {boolean} whole whether the column has whole numbers only */
function show(cell, whole) {
  if (typeof cell !== 'number') return cell ?? '–';
  return whole ? String(cell) : cell.toFixed(3);
}
