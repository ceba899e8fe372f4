/** Texts of an exact number of tokens. Nothing here knows of models or files. */

/**
 * @typedef {(text: string) => number} CountTokens of a whole text, special tokens included
 */

/**
 * Different texts of `tokens` tokens each, made of the words in turn, each from another word on.
 * Throws when the words cannot make so many.
 * @param {readonly string[]} words @param {CountTokens} countTokens
 * @param {{ readonly tokens: number, readonly texts: number }} wanted
 * @returns {readonly string[]}
 */
export function textsOfTokens(words, countTokens, { tokens, texts }) {
  const special = countTokens('');
  const sizes = words.map((word) => countTokens(word) - special);
  const made = new Set();
  for (let text = 0; text < texts; text++) {
    // Spread over all words: neighbours would share most of theirs.
    const first = Math.floor((text * words.length) / texts);
    made.add(firstOfTokens(words, sizes, countTokens, { first, tokens, special, made }));
  }
  return [...made];
}

/**
 * The text from the first word on that comes to the right number, and is not made yet.
 * @param {readonly string[]} words @param {readonly number[]} sizes @param {CountTokens} countTokens
 * @param {{
 *   readonly first: number, readonly tokens: number, readonly special: number,
 *   readonly made: ReadonlySet<string>,
 * }} wanted
 */
function firstOfTokens(words, sizes, countTokens, { first, tokens, special, made }) {
  let count = NaN;
  for (let tried = 0; tried < words.length; tried++) {
    const from = (first + tried) % words.length;
    const text = fill(words, sizes, from, tokens - special).join(' ');
    // Words may join to other tokens than they have alone.
    count = countTokens(text);
    if (count === tokens && !made.has(text)) return text;
  }
  throw new Error(
    `The words make no other text of ${String(tokens)} tokens, but of ${String(count)}.`,
  );
}

/**
 * Takes each word that still fits, from one word on, round and round.
 * @param {readonly string[]} words @param {readonly number[]} sizes of them, in tokens
 * @param {number} from @param {number} room in tokens
 */
function fill(words, sizes, from, room) {
  const taken = [];
  let left = room;
  for (let at = from, refused = 0; left > 0; at = (at + 1) % words.length) {
    const size = sizes[at] ?? 0;
    if (size > 0 && size <= left) {
      taken.push(words[at] ?? '');
      left -= size;
      refused = 0;
    } else if (++refused === words.length) {
      throw new Error(`No word has as few as ${String(left)} tokens.`);
    }
  }
  return taken;
}
