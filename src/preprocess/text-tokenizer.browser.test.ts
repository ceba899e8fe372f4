/** The same fixtures as in Node: the browser's tables of characters are of another Unicode version. */
import { afterAll, expect, test } from 'vitest';
import { WorkerLink } from '../client/worker-link';
import type { PreprocessContract } from './test-workers/preprocess-contract';
import {
  sameIds,
  withForm,
  type Form,
  type Ids,
  type Sparse,
  type Texts,
  type TokenizerJson,
} from './test-workers/tokenizer-fixtures';

const link = new WorkerLink<PreprocessContract>(
  () =>
    new Worker(new URL('./test-workers/preprocess.worker.ts', import.meta.url), { type: 'module' }),
);

afterAll(() => {
  link.dispose();
});

async function read(name: string): Promise<unknown> {
  return (await fetch(`/src/preprocess/fixtures/tokenizer/${name}`)).json();
}

const json = (await read('xlm-r.tokenizer.json')) as TokenizerJson;
const { forms, texts } = (await read('texts.json')) as Texts;

/** The texts whose ids in the worker are not the expected ones. */
async function wrong(
  tokenizer: unknown,
  expected: readonly (readonly [string, Ids])[],
): Promise<unknown[]> {
  const found = await link.call('tokenize', { tokenizer, texts: expected.map(([text]) => text) });
  expect(found).toHaveLength(expected.length);
  return expected.filter(([, ids], index) => !sameIds(found[index] ?? [], ids));
}

test('ids are those of the Python library, in more than 100 languages and all cases', async () => {
  expect(
    await wrong(
      json,
      texts.map(([, text, ids]) => [text, ids]),
    ),
  ).toEqual([]);
});

test.each(Object.keys(forms))('with a tokenizer.json of the form %s', async (name) => {
  const expected = texts.map(([, text, ids, others]) => [text, others[name] ?? ids] as const);
  expect(await wrong(withForm(json, forms[name] as Form), expected)).toEqual([]);
});

test.each(['sparse.json', 'ties.json'])('with many unknowns and ties: %s', async (name) => {
  const { tokenizer, texts: words } = (await read(name)) as Sparse;
  expect(await wrong(tokenizer, words)).toEqual([]);
});
