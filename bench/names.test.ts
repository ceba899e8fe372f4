import { expect, test } from 'vitest';
import { cleanLemma, normaliseName, parseNames } from './names.mjs';

const HEADER = 'synset\tlexfile\tlanguage\tlemmas';

test('takes the first name of each language, cleaned', async () => {
  const names = await parseNames(
    [
      HEADER,
      '02084071-n\t5\teng\tdomestic_dog|dog',
      '02084071-n\t5\tcmn\t家+犬|狗',
      '02084071-n\t5\txxx\t+| |hund',
      '99999999-n\t5\teng\tnobody asked',
    ],
    new Set(['02084071-n']),
  );
  const found = [...names].map(([language, known]) => [language, [...known]]);
  expect(found).toEqual([
    ['eng', [['02084071-n', 'domestic dog']]],
    ['cmn', [['02084071-n', '家犬']]],
    ['xxx', [['02084071-n', 'hund']]],
  ]);
});

test('leaves out a language without any name', async () => {
  const names = await parseNames([HEADER, '02084071-n\t5\txxx\t+|_'], new Set(['02084071-n']));
  expect(names.size).toBe(0);
});

test('says which column is missing', async () => {
  await expect(parseNames(['synset\tlemmas'], new Set())).rejects.toThrow('no column "language"');
});

test('cleans and normalises', () => {
  expect(cleanLemma(' 可以+的_')).toBe('可以的');
  expect(normaliseName('Ｋｉｔｅ  BIRD ')).toBe('kite bird');
});
