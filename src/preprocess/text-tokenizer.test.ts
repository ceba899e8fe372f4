import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import {
  sameIds,
  withForm,
  type Form,
  type Sparse,
  type Texts,
  type TokenizerJson,
} from './test-workers/tokenizer-fixtures';
import { createTextTokenizer } from './text-tokenizer';

interface Options {
  readonly tokenizer: object;
  /** Name → the options that differ, and texts with all their ids. */
  readonly options: Readonly<Record<string, readonly [object, Sparse['texts']]>>;
}

function read(name: string): unknown {
  const url = new URL(`./fixtures/tokenizer/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as unknown;
}

const json = read('xlm-r.tokenizer.json') as TokenizerJson;
const { forms, texts } = read('texts.json') as Texts;
const tokenizer = createTextTokenizer(json);

describe('ids are those of the Python library', () => {
  test('in more than 100 languages and all cases', () => {
    const languages = new Set(texts.map(([label]) => /^([a-z]{2,3})(_.*)?-\d$/.exec(label)?.[1]));
    expect(languages.size).toBeGreaterThan(100);
    const wrong = texts.filter(([, text, ids]) => !sameIds(tokenizer.encode(text), ids));
    expect(wrong).toEqual([]);
  });

  test.each(Object.keys(forms))('with a tokenizer.json of the form %s', (name) => {
    const other = createTextTokenizer(withForm(json, forms[name] as Form));
    const wrong = texts.filter(
      ([, text, ids, others]) => !sameIds(other.encode(text), others[name] ?? ids),
    );
    expect(wrong).toEqual([]);
  });

  test.each(['sparse.json', 'ties.json'])('with many unknowns and ties: %s', (name) => {
    const { tokenizer: sparse, texts: words } = read(name) as Sparse;
    const other = createTextTokenizer(sparse);
    expect(words.filter(([text, ids]) => !sameIds(other.encode(text), ids))).toEqual([]);
  });

  test('in a text of 8,192 tokens', () => {
    const [, text, ids] = texts.at(-1) as Texts['texts'][number];
    expect(ids.length + tokenizer.prefix.length + tokenizer.suffix.length).toBe(8192);
    expect(tokenizer.encode(text)).toEqual(ids);
  });
});

describe('every option does what it does in the Python library', () => {
  const { tokenizer: small, options } = read('options.json') as Options;
  test.each(Object.entries(options))('%s', (_, [fields, expected]) => {
    const other = createTextTokenizer({ ...small, ...fields });
    const found = expected.map(([text]) => [
      text,
      [...other.prefix, ...other.encode(text), ...other.suffix],
    ]);
    expect(found).toEqual(expected);
  });
});

test('puts <s> before and </s> after', () => {
  expect(tokenizer.prefix).toEqual([0]);
  expect(tokenizer.suffix).toEqual([2]);
});

test('knows the pieces of its ids', () => {
  const size = json.model.vocab.length;
  expect(tokenizer.piece(0)).toBe('<s>');
  expect(tokenizer.piece(size - 1)).toBe('<mask>');
  expect(tokenizer.piece(size)).toBeNull();
  expect(tokenizer.piece(-1)).toBeNull();
  expect(tokenizer.piece(0.5)).toBeNull();
  const wrong = json.model.vocab.filter(([piece], id) => tokenizer.piece(id) !== piece);
  expect(wrong).toEqual([]);
});

test('what the ids stand for is the text', () => {
  const pieces = tokenizer.encode('København, Αθήνα').map((id) => tokenizer.piece(id));
  expect(pieces.join('')).toBe('▁København,▁Αθήνα');
});

describe('what is no usable tokenizer.json is refused', () => {
  test.each([
    ['nothing', null, 'The file is no object.'],
    ['a list', [], 'The file is no object.'],
    ['another model', { ...json, model: { type: 'BPE' } }, 'Its model is "BPE"; only Unigram'],
    ['no vocabulary', { ...json, model: { type: 'Unigram' } }, 'The unk_id is no id.'],
    ['a score that is none', withModel({ vocab: [['a', 'b']] }), 'The score of a piece'],
    ['an unknown that is none', withModel({ unk_id: 1e9 }), 'The unk_id is out of range.'],
    ['bytes as pieces', withModel({ byte_fallback: true }), 'byte_fallback is not supported.'],
    ['a normaliser of no known type', { ...json, normalizer: { type: 'X' } }, 'X'],
    ['a cut charsmap', { ...json, normalizer: charsmap('AAEAAA==') }, 'is cut off.'],
    ['a charsmap of other letters', { ...json, normalizer: charsmap('!') }, ''],
    ['a pre-tokenizer of no known type', { ...json, pre_tokenizer: { type: 'X' } }, 'X'],
    ['a post-processor of no known type', { ...json, post_processor: { type: 'X' } }, '"X"'],
  ])('%s', (_, value, message) => {
    let thrown: unknown;
    try {
      createTextTokenizer(value);
    } catch (error) {
      thrown = error;
    }
    if (!isPhotoglotError(thrown)) throw new Error('Nothing of the family was thrown.');
    expect(thrown.code).toBe('session-failed');
    expect(thrown.message).toContain('The tokenizer.json of the model cannot be used.');
    expect(thrown.message).toContain(message);
  });
});

function withModel(fields: object): unknown {
  return { ...json, model: { ...json.model, ...fields } };
}

function charsmap(base64: string): unknown {
  return { type: 'Precompiled', precompiled_charsmap: base64 };
}
