/** Where an arrow key leads in a grid of tiles, read left to right. */

export interface GridShape {
  readonly columns: number;
  readonly count: number;
}

/** The new index; null for keys that are no move, and for moves out of the grid. */
export function indexAfterKey(key: string, index: number, shape: GridShape): number | null {
  const next = target(key, index, shape);
  return next === null || next < 0 || next >= shape.count || next === index ? null : next;
}

function target(key: string, index: number, { columns, count }: GridShape): number | null {
  switch (key) {
    case 'ArrowRight':
      return index + 1;
    case 'ArrowLeft':
      return index - 1;
    case 'ArrowDown':
      // From the last full row into a shorter one: its last tile.
      return Math.floor(index / columns) < Math.floor((count - 1) / columns)
        ? Math.min(index + columns, count - 1)
        : null;
    case 'ArrowUp':
      return index - columns;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
