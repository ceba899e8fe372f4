/** What is in src/preprocess/fixtures/tokenizer; its README says how it was made. */

export type Ids = readonly number[];

/** [normalizer, pre_tokenizer]; 'Precompiled' stands for the one with the charsmap. */
export type Form = readonly [unknown, unknown];

/** texts.json */
export interface Texts {
  readonly forms: Readonly<Record<string, Form>>;
  /** A label, a text, its ids, and the ids in other forms if they are not the same. */
  readonly texts: readonly (readonly [string, string, Ids, Readonly<Record<string, Ids>>])[];
}

/** sparse.json and ties.json */
export interface Sparse {
  readonly tokenizer: unknown;
  readonly texts: readonly (readonly [string, Ids])[];
}

/** xlm-r.tokenizer.json */
export interface TokenizerJson {
  readonly normalizer: { readonly normalizers: readonly [unknown] };
  readonly model: { readonly vocab: readonly (readonly [string, number])[] };
}

/** The tokenizer in another of the forms in which such files are written. */
export function withForm(json: TokenizerJson, [normalizer, preTokenizer]: Form): unknown {
  const [charsmap] = json.normalizer.normalizers;
  const step = (part: unknown): unknown => (part === 'Precompiled' ? charsmap : part);
  return {
    ...json,
    normalizer: Array.isArray(normalizer)
      ? { type: 'Sequence', normalizers: normalizer.map(step) }
      : step(normalizer),
    pre_tokenizer: preTokenizer,
  };
}

export function sameIds(left: Ids, right: Ids): boolean {
  return left.length === right.length && left.every((id, index) => id === right[index]);
}
