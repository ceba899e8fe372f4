/** ColBERT vectors of overlapping windows to those of the whole text. */
import { PhotoglotError } from '../errors';
import { checkTokenVectors, type TokenVectors } from './token-vectors';
import type { WindowSpan } from './window-spans';

/**
 * One row per content token, then the suffix's rows of the last window: as many rows as if the
 * text had been encoded at once.
 *
 * A token that several windows cover comes from the one in which it is farther from the edge where
 * the text was cut, so that it has seen more context on its poorer side; of two equally far ones
 * from the earlier. That puts the seam in the middle of what two neighbours share. (The window k
 * keeps token t as long as `end(k) − 1 − t ≥ t − start(k + 1)`; as starts and ends ascend,
 * comparing neighbours is enough.)
 *
 * @param spans where the windows lie, in ascending order (`checkSpans`)
 * @param vectors of each window: rows of its content tokens, then of its suffix
 *
 * Throws `dimension-mismatch` for different dimensions, `invalid-input` for too few rows.
 */
export function mergeTokenVectors(
  spans: readonly WindowSpan[],
  vectors: readonly TokenVectors[],
): TokenVectors {
  const dim = vectors[0]?.dim ?? 0;
  const parts = spans.map(({ start, end }, index) => {
    const rows = checked(vectors[index], dim, end - start);
    const next = spans[index + 1];
    const from = seamOf(spans[index - 1], start);
    const to = next === undefined ? start + rows.count : seamOf({ start, end }, next.start);
    return rows.data.subarray((from - start) * dim, (to - start) * dim);
  });
  const data = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return { data, count: data.length / dim, dim };
}

/** The first token that comes from the window that starts at `start`, not from the one before. */
function seamOf(before: WindowSpan | undefined, start: number): number {
  return before === undefined ? start : Math.ceil((before.end + start) / 2);
}

function checked(vectors: TokenVectors | undefined, dim: number, tokens: number): TokenVectors {
  if (vectors === undefined || vectors.count < tokens) {
    throw new PhotoglotError(
      'invalid-input',
      `A window of ${tokens} content tokens needs as many token vectors; ` +
        `got ${vectors?.count ?? 0}.`,
    );
  }
  checkTokenVectors(vectors, "A window's token vectors");
  if (vectors.dim !== dim) {
    throw new PhotoglotError(
      'dimension-mismatch',
      `All windows' token vectors must have one dimension; got ${dim} and ${vectors.dim}.`,
    );
  }
  return vectors;
}
