import { expect, test } from 'vitest';
import { PERTURBATIONS, PHOTO_FRAMES } from './perturb.mjs';

const { upperCase, noMarks, fullWidth } = PERTURBATIONS;

test('upper case', () => {
  expect(upperCase('собака straße')).toBe('СОБАКА STRASSE');
});

test('marks go, letters stay', () => {
  expect(noMarks('café Ñandú ёж σκύλος')).toBe('cafe Nandu еж σκυλος');
  expect(noMarks('قادِر')).toBe('قادر');
  expect(noMarks('كـلـب')).toBe('كلب');
  expect(noMarks('כֶּלֶב')).toBe('כלב');
  // Vowels of these scripts are marks too, but no accents.
  for (const name of ['कुत्ता', 'কুকুর', 'สุนัข', '강아지', 'が']) expect(noMarks(name)).toBe(name);
});

test('full width', () => {
  expect(fullWidth('dog 2~')).toBe('ｄｏｇ\u3000２～');
  expect(fullWidth('犬')).toBe('犬');
});

test('a photo of X in ten languages', () => {
  expect(Object.keys(PHOTO_FRAMES)).toHaveLength(10);
  expect(PHOTO_FRAMES.jpn?.('犬')).toBe('犬の写真');
});
