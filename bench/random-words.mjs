/** Whole numbers of 32 bits from a seed (xorshift, Marsaglia 2003). @param {number} seed */
export function randomWords(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
