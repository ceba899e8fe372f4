/**
 * A text longer than its model takes is encoded in overlapping windows; their outputs become the
 * text's here. The rules are ours: the reference, FlagEmbedding, cuts such a text.
 */
import { PhotoglotError } from '../errors';
import { maxLexicalWeights, type LexicalWeights } from './lexical-weights';
import { mergeTokenVectors } from './merge-token-vectors';
import { normalise } from './normalise';
import type { TokenVectors } from './token-vectors';
import { checkSpans, type WindowSpan } from './window-spans';

/** What a model says of a text. A model without a head has null there. */
export interface TextOutputs {
  /** Of length 1. */
  readonly dense: Float32Array<ArrayBuffer>;
  readonly sparse: LexicalWeights | null;
  /** One row per token behind the prefix: the content, then the suffix. */
  readonly colbert: TokenVectors | null;
}

/** What a model says of one window of a text. */
export interface WindowOutputs extends TextOutputs, WindowSpan {}

/**
 * The outputs of the whole text, from those of its windows in ascending order:
 *
 * - `dense`: the mean, weighted by the windows' numbers of content tokens, brought to length 1. It
 *   is the direction in which the sum of all tokens' contributions points, those that two windows
 *   share counted twice.
 * - `sparse`: the largest weight of each token id, as over the tokens of one window.
 * - `colbert`: one row per token, see {@link mergeTokenVectors}.
 *
 * The outputs of a single window are returned as they are. Throws `invalid-input` for no windows,
 * windows that do not follow each other, an output that only some have, or dense vectors that
 * cancel each other out; `dimension-mismatch`.
 */
export function mergeWindows(windows: readonly WindowOutputs[]): TextOutputs {
  checkSpans(windows);
  const [first] = windows;
  if (first !== undefined && windows.length === 1) {
    return { dense: first.dense, sparse: first.sparse, colbert: first.colbert };
  }
  const sparse = ofAll(windows, 'sparse');
  const colbert = ofAll(windows, 'colbert');
  return {
    dense: meanDirection(windows),
    sparse: sparse === null ? null : maxLexicalWeights(sparse),
    colbert: colbert === null ? null : mergeTokenVectors(windows, colbert),
  };
}

/** That output of each window; null when none has it. */
function ofAll<Name extends 'sparse' | 'colbert'>(
  windows: readonly WindowOutputs[],
  name: Name,
): NonNullable<WindowOutputs[Name]>[] | null {
  const outputs = windows.map((window) => window[name]).filter((output) => output !== null);
  if (outputs.length === 0) return null;
  if (outputs.length === windows.length) return outputs;
  throw new PhotoglotError(
    'invalid-input',
    `Either all windows or none must have "${name}"; ${outputs.length} of ${windows.length} have.`,
  );
}

function meanDirection(windows: readonly WindowOutputs[]): Float32Array<ArrayBuffer> {
  const dimension = windows[0]?.dense.length ?? 0;
  const sum = new Float64Array(dimension);
  for (const { dense, start, end } of windows) {
    if (dense.length !== dimension) {
      throw new PhotoglotError(
        'dimension-mismatch',
        `All windows' vectors must have one dimension; got ${dimension} and ${dense.length}.`,
      );
    }
    dense.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + (end - start) * value));
  }
  const unit = normalise(Float32Array.from(sum));
  if (unit !== null) return unit;
  throw new PhotoglotError(
    'invalid-input',
    'The dense vectors of the windows cancel each other out, or are not finite.',
  );
}
