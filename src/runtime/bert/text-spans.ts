/** Where each text of a batch is among the tokens of all, which lie one behind the other. */

export interface TextSpan {
  /** Number of its first token. */
  readonly first: number;
  /** Tokens. */
  readonly length: number;
}

export function spansOf(texts: readonly (readonly number[])[]): readonly TextSpan[] {
  let next = 0;
  return texts.map(({ length }) => {
    const first = next;
    next += length;
    return { first, length };
  });
}

/** Tokens of all texts. */
export function tokensIn(spans: readonly TextSpan[]): number {
  return spans.reduce((sum, { length }) => sum + length, 0);
}

/** Tokens of the longest text. */
export function longestOf(spans: readonly TextSpan[]): number {
  return Math.max(...spans.map(({ length }) => length));
}
