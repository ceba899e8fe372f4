/** The same words written another way: a search should not care. */

/** Full-width forms of printable ASCII are in the same order, this far up. */
const FULL_WIDTH_SHIFT = 0xff01 - 0x21;
const IDEOGRAPHIC_SPACE = '\u3000';

/** Accents of Latin, Greek, Cyrillic; Arabic vowel marks and tatweel; Hebrew points. */
const MARKS =
  /[\u0300-\u036f]|[\u064b-\u0652]|\u0670|\u0640|[\u0591-\u05bd]|\u05bf|[\u05c1-\u05c2]|[\u05c4-\u05c5]|\u05c7/g;

/** @type {Readonly<Record<'upperCase' | 'noMarks' | 'fullWidth', (text: string) => string>>} */
export const PERTURBATIONS = {
  upperCase: (text) => text.toUpperCase(),
  // Composed again: what is left, such as Korean, is typed composed.
  noMarks: (text) => text.normalize('NFD').replace(MARKS, '').normalize('NFC'),
  fullWidth: (text) =>
    text.replace(/[\u0020-\u007e]/g, (character) =>
      character === ' '
        ? IDEOGRAPHIC_SPACE
        : String.fromCharCode(character.charCodeAt(0) + FULL_WIDTH_SHIFT),
    ),
};

/** "A photo of X", X in its dictionary form. @type {Readonly<Record<string, (name: string) => string>>} */
export const PHOTO_FRAMES = {
  eng: (name) => `a photo of ${name}`,
  deu: (name) => `ein Foto von ${name}`,
  fra: (name) => `une photo de ${name}`,
  spa: (name) => `una foto de ${name}`,
  // The genitive would be needed after "фотография"; said like this the nominative is right.
  rus: (name) => `на фотографии ${name}`,
  cmn: (name) => `一张${name}的照片`,
  jpn: (name) => `${name}の写真`,
  arb: (name) => `صورة ${name}`,
  tur: (name) => `${name} fotoğrafı`,
  por: (name) => `uma foto de ${name}`,
};
