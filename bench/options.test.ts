import { expect, test } from 'vitest';
import { readOptions } from './options.mjs';

const RULES = {
  images: { value: 'DIR', required: true, kind: 'path' },
  limit: { value: 'N', kind: 'count' },
  model: { value: 'DIR', kind: 'model' },
  runs: { value: 'N', kind: 'count', default: '3' },
} as const;

const read = (...args: string[]) => readOptions('npm run x --', RULES, args);

test('reads values, defaults, the flag and the rest', () => {
  expect(read('--images', '.', '--json', 'a', 'b')).toEqual({
    values: { images: '.', limit: undefined, model: undefined, runs: '3' },
    json: true,
    rest: ['a', 'b'],
  });
});

test('says what is missing or wrong', () => {
  expect(() => read()).toThrow(
    '--images DIR is missing.\nUsage: npm run x -- --images DIR [--limit N] [--model DIR] [--runs N] [--json]',
  );
  expect(() => read('--images', 'no/such/folder')).toThrow('--images: there is no no/such/folder.');
  expect(() => read('--images', '.', '--model', '.')).toThrow('no manifest.json in .');
  expect(() => read('--images', '.', '--limit', '0')).toThrow('whole number above 0; got 0');
  expect(() => read('--picture', '.')).toThrow("Unknown option '--picture'");
});
