/** The `normalizer` of a tokenizer.json as a function. */
import { SequenceNormalizer } from '@huggingface/tokenizers';
import { fieldsOf, listOf, stringOf, type Fields } from './json-fields';
import { PrecompiledCharsmap } from './precompiled-charsmap';
import { normalisePrecompiled } from './precompiled-normalise';

/** Brings a text into the form that the vocabulary is made for. */
export type Normalise = (text: string) => string;

/**
 * The normaliser that `json` describes, or null. The library does what it does as the Python
 * original; where its results differ, the code is ours.
 */
export function createNormaliser(json: unknown): Normalise | null {
  if (json === undefined || json === null) return null;
  const fields = fieldsOf(json, 'The normalizer');
  switch (fields.type) {
    case 'Sequence': {
      const list = listOf(fields.normalizers, 'The list of normalizers');
      const steps = list.map(createNormaliser).filter((step) => step !== null);
      return (text) => steps.reduce((result, step) => step(result), text);
    }
    case 'Precompiled': {
      const base64 = stringOf(fields.precompiled_charsmap, 'The precompiled_charsmap');
      const charsmap = new PrecompiledCharsmap(base64);
      return (text) => normalisePrecompiled(text, charsmap);
    }
    case 'Strip':
      return strip(fields);
    case 'Prepend': {
      // The library makes something of nothing here; the original does not.
      const prefix = stringOf(fields.prepend, 'What the normalizer prepends');
      return (text) => (text === '' ? '' : prefix + text);
    }
    case 'Replace': {
      // In the library `$&` and the like in the content would be taken for references.
      const content = stringOf(fields.content, 'What the normalizer puts in');
      return byLibrary({ ...fields, content: content.replaceAll('$', '$$$$') });
    }
    default:
      return byLibrary(fields);
  }
}

/** Not `trim`: that leaves U+0085 and takes U+FEFF away. */
function strip({ strip_left: left, strip_right: right }: Fields): Normalise {
  return (text) => {
    const rest = left === true ? text.replace(/^\p{White_Space}+/u, '') : text;
    return right === true ? rest.slice(0, endOfText(rest)) : rest;
  };
}

/** Where the white space at the end begins; a regular expression would try each run before it. */
function endOfText(text: string): number {
  let end = text.length;
  while (end > 0 && /^\p{White_Space}$/u.test(text.charAt(end - 1))) end--;
  return end;
}

/** A single normaliser; in a sequence, as there the library makes it by its type. */
function byLibrary(json: Fields): Normalise {
  // The library checks the type, and throws.
  const normalizers = [json] as unknown as Config['normalizers'];
  const sequence = new SequenceNormalizer({ type: 'Sequence', normalizers });
  return (text) => sequence.normalize(text);
}

type Config = ConstructorParameters<typeof SequenceNormalizer>[0];
