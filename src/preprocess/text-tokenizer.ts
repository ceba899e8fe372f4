/** Texts to token ids, the very ids that the Python library `tokenizers` gives. */
import { PhotoglotError } from '../errors';
import { createSectioner, parseAddedTokens } from './added-tokens';
import { createNormaliser } from './create-normaliser';
import { createPreTokenizer } from './create-pre-tokenizer';
import { fieldsOf, idOf, listOf, stringOf } from './json-fields';
import { scoreAsRead } from './score-as-read';
import { specialIdsOf } from './special-ids';
import { Unigram, type UnigramVocabulary } from './unigram';

/** Turns texts into token ids. */
export interface TextTokenizer {
  /**
   * Content ids: special tokens not added, nothing cut. Special tokens that the text itself names
   * are found. A lone surrogate counts as U+FFFD.
   */
  encode(text: string): readonly number[];
  /** What the post-processor puts before and after a text: [0] and [2] for XLM-R, none for mini. */
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  /** What stands for text that no piece covers. */
  readonly unknown: number;
  /** The piece of an id, e.g. '▁dog'; null for an id out of range. */
  piece(id: number): string | null;
}

/**
 * A tokenizer of a parsed Hugging Face `tokenizer.json` with a Unigram model, as SentencePiece
 * trains it. Throws PhotoglotError 'session-failed' when `json` is no usable one.
 */
export function createTextTokenizer(json: unknown): TextTokenizer {
  try {
    return create(json);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const message = `The tokenizer.json of the model cannot be used. ${reason}`;
    throw new PhotoglotError('session-failed', message, { cause: thrown });
  }
}

function create(json: unknown): TextTokenizer {
  const fields = fieldsOf(json, 'The file');
  const vocabulary = parseUnigram(fields.model);
  const unigram = new Unigram(vocabulary);
  const added = parseAddedTokens(fields.added_tokens);
  const cut = createSectioner(added, createNormaliser(fields.normalizer));
  const preTokenize = createPreTokenizer(fields.pre_tokenizer);
  const addedPieces = new Map(added.map(({ id, content }) => [id, content]));
  return {
    ...specialIdsOf(fields.post_processor),
    unknown: vocabulary.unknown,
    piece: (id) => addedPieces.get(id) ?? unigram.piece(id),
    encode(text) {
      const ids: number[] = [];
      cut(wellFormed(text)).forEach((section, index) => {
        if (typeof section === 'number') ids.push(section);
        else for (const word of preTokenize([section], index === 0)) unigram.encode(word, ids);
      });
      return ids;
    },
  };
}

/** Python cannot hand lone surrogates to its library at all; in UTF-8 they become U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

function parseUnigram(json: unknown): UnigramVocabulary {
  const fields = fieldsOf(json, 'The model');
  // Files of before the field was introduced are told by their list of pieces.
  const type = fields.type ?? 'Unigram';
  if (type !== 'Unigram')
    throw new Error(`Its model is ${JSON.stringify(type)}; only Unigram is supported.`);
  if (fields.byte_fallback === true) throw new Error('byte_fallback is not supported.');
  const entries = listOf(fields.vocab, 'The vocabulary');
  const scores = new Float64Array(entries.length);
  const pieces = entries.map((entry, id) => {
    const [piece, score] = listOf(entry, 'A piece of the vocabulary');
    if (typeof score !== 'number') throw new Error('The score of a piece is no number.');
    scores[id] = scoreAsRead(score);
    return stringOf(piece, 'A piece of the vocabulary');
  });
  const unknown = idOf(fields.unk_id, 'The unk_id');
  if (unknown >= pieces.length) throw new Error('The unk_id is out of range.');
  return { pieces, scores, unknown };
}
