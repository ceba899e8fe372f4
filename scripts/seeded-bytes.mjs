/**
 * Bytes that follow from a seed, at any offset: a server sends gigabytes of them without keeping
 * one, and a test knows what must arrive. No two blocks of a file are alike.
 */

/**
 * @param {number} seed 32-bit integer
 * @param {number} start first byte
 * @param {number} end behind the last byte
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function seededBytes(seed, start, end) {
  const firstWord = Math.floor(start / 4);
  const words = new Uint32Array(Math.ceil(end / 4) - firstWord);
  for (let index = 0; index < words.length; index++) words[index] = mixed(seed, firstWord + index);
  const from = start - firstWord * 4;
  return new Uint8Array(words.buffer, from, end - start);
}

/**
 * Multiply and fold, twice: neighbours have nothing in common.
 * @param {number} seed
 * @param {number} index
 */
function mixed(seed, index) {
  let word = Math.imul(index + 1, 0x2545f491) ^ Math.imul(seed + 7, 0x6c8e9cf5);
  word = Math.imul(word ^ (word >>> 15), 0x3d4d51cb);
  return Math.imul(word ^ (word >>> 13), 0x7feb352d) ^ (word >>> 16);
}
