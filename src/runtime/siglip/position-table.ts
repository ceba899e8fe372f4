/**
 * NaFlex's positions: a square table, resized to each picture's grid of patches as PyTorch's
 * `interpolate(mode="bilinear", align_corners=False, antialias=True)` does (transformers,
 * models/siglip2, `resize_positional_embeddings`).
 */

export interface PositionTable {
  /** [side · side, width] */
  readonly data: Float32Array;
  readonly side: number;
  readonly width: number;
}

/** Writes the table at `rows` × `columns` into out, [rows · columns, width]. */
export function resizePositions(
  { data, side, width }: PositionTable,
  rows: number,
  columns: number,
  out: Float32Array,
): void {
  const [down, across] = [trianglesOf(rows, side), trianglesOf(columns, side)];
  // First across each of the table's rows, then down: far fewer steps than both at once.
  const wide = new Float32Array(side * columns * width);
  for (let row = 0; row < side; row++) {
    across.forEach((weights, column) => {
      const to = wide.subarray(
        (row * columns + column) * width,
        (row * columns + column + 1) * width,
      );
      for (const { from, weight } of weights) {
        addScaled(to, data, (row * side + from) * width, weight);
      }
    });
  }
  out.fill(0);
  down.forEach((weights, row) => {
    const line = columns * width;
    const to = out.subarray(row * line, (row + 1) * line);
    for (const { from, weight } of weights) addScaled(to, wide, from * line, weight);
  });
}

interface Share {
  readonly from: number;
  readonly weight: number;
}

/** For each of `size` places, the shares of the `side` samples: a triangle as wide as the reduction. */
function trianglesOf(size: number, side: number): readonly (readonly Share[])[] {
  const scale = side / size;
  const reach = Math.max(scale, 1);
  return Array.from({ length: size }, (_, index) => {
    const centre = scale * (index + 0.5);
    const shares = Array.from({ length: side }, (_none, from) => ({
      from,
      weight: Math.max(0, 1 - Math.abs(from + 0.5 - centre) / reach),
    })).filter(({ weight }) => weight > 0);
    const total = shares.reduce((sum, { weight }) => sum + weight, 0);
    return shares.map(({ from, weight }) => ({ from, weight: weight / total }));
  });
}

function addScaled(to: Float32Array, from: Float32Array, start: number, factor: number): void {
  for (let index = 0; index < to.length; index++) {
    to[index] = (to[index] as number) + factor * (from[start + index] as number);
  }
}
