/** The `pre_tokenizer` of a tokenizer.json as a function. */
import { SequencePreTokenizer } from '@huggingface/tokenizers';
import { fieldsOf, listOf, stringOf, type Fields } from './json-fields';

/**
 * Cuts normalised text into words; pieces do not reach from one into the next. `first` tells that
 * nothing comes before it.
 */
export type PreTokenize = (words: readonly string[], first: boolean) => readonly string[];

/** The pre-tokenizer that `json` describes; none leaves a text whole. */
export function createPreTokenizer(json: unknown): PreTokenize {
  if (json === undefined || json === null) return (words) => words;
  const fields = fieldsOf(json, 'The pre_tokenizer');
  switch (fields.type) {
    case 'Sequence': {
      const list = listOf(fields.pretokenizers, 'The list of pretokenizers');
      const steps = list.map(createPreTokenizer);
      return (words, first) => steps.reduce((result, step) => step(result, first), words);
    }
    case 'WhitespaceSplit':
      // Not `\s`: that leaves U+0085 and takes U+FEFF away.
      return (words) =>
        words.flatMap((word) => word.split(/\p{White_Space}+/u)).filter((word) => word !== '');
    case 'Metaspace':
      return createMetaspace(fields);
    default:
      return byLibrary(fields);
  }
}

/** Spaces become marks, and every word begins with one; the library would not cut at them. */
function createMetaspace(fields: Fields): PreTokenize {
  const mark = stringOf(fields.replacement ?? '▁', 'The replacement of a space');
  const scheme = fields.prepend_scheme ?? (fields.add_prefix_space === false ? 'never' : 'always');
  const whole = fields.split === false;
  return (words, first) =>
    words.flatMap((word, index) => {
      const marked = word.replaceAll(' ', mark);
      const prepends = scheme === 'always' || (scheme === 'first' && first && index === 0);
      const text = !prepends || marked === '' || marked.startsWith(mark) ? marked : mark + marked;
      return whole ? [text] : splitBefore(text, mark);
    });
}

/** Parts that begin with `mark`, the first one perhaps without. */
function splitBefore(text: string, mark: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    const found = text.indexOf(mark, start + 1);
    const end = found < 0 ? text.length : found;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

/** A single pre-tokenizer; in a sequence, as there the library makes it by its type. */
function byLibrary(json: Fields): PreTokenize {
  const pretokenizers = [json] as unknown as Config['pretokenizers'];
  const sequence = new SequencePreTokenizer({ type: 'Sequence', pretokenizers });
  return (words) => words.flatMap((word) => sequence.pre_tokenize_text(word, {}));
}

type Config = ConstructorParameters<typeof SequencePreTokenizer>[0];
