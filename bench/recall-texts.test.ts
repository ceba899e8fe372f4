import { expect, test } from 'vitest';
import { lemmaCells, spreadOver } from './recall-texts.mjs';

test('names are in the column that is called so', async () => {
  const cells: string[] = [];
  for await (const cell of lemmaCells(['synset\tlemmas', '1\tdog|hound', '2\tcat']))
    cells.push(cell);
  expect(cells).toEqual(['dog|hound', 'cat']);
});

test('a table without names is refused', async () => {
  await expect(lemmaCells(['synset\twords']).next()).rejects.toThrow('no column "lemmas"');
});

test('a part of all is evenly spread, and no more than there are', () => {
  expect(spreadOver([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  expect(spreadOver([1, 2], 5)).toEqual([1, 2]);
});
