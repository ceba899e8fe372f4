/**
 * Brings words to the form in which they are compared: compatibility forms, upper and lower case,
 * and marks on letters make no difference, as in Unicode's search folding (UTR #30, withdrawn, which
 * Lucene's ICUFoldingFilter follows). Words of languages are not stemmed, as a text does not tell its
 * language.
 */

/**
 * What is written above, below and through letters of Latin, Greek and Cyrillic, vowel signs of Arabic
 * with its tatweel, and points of Hebrew. Marks of other scripts, such as Devanagari's vowels or the
 * voicing of kana, make other words.
 */
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]|\u0640/gu;

/** Letters of their own that Unicode does not take apart. */
const LETTERS = /[ßæœøđðłþıς]/gu;
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};

// eslint-disable-next-line no-control-regex -- ASCII from its first character on
const ASCII = /^[\u0000-\u007f]*$/u;

/** The word as it is compared; empty for one of marks only. */
export function foldWord(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase();
  return word
    .normalize('NFKD')
    .toLowerCase()
    .replace(MARKS, '')
    .replace(LETTERS, (letter) => SPELLED[letter] ?? letter)
    .normalize('NFC');
}
