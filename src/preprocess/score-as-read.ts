/** Numbers of a tokenizer.json as the original library understands them. */

/**
 * What the library reads where `JSON.parse` reads `score`. Its JSON parser (serde_json) rounds
 * twice, first the digits as an integer, then the quotient: one in eight numbers of 17 digits ends
 * one bit off. A bit decides between cuts that are ties, such as `a|aa` and `aa|a`, so the ids
 * of the models depend on it. `score` is taken to be written in its shortest form, as Python and
 * Rust write it.
 */
export function scoreAsRead(score: number): number {
  const text = String(Math.abs(score));
  const point = text.indexOf('.');
  // Fewer digits are exact, and so is a power of ten up to 10^22: rounded once, all is well.
  if (point < 0 || text.length <= EXACT_LENGTH) return score;
  const end = text.includes('e') ? text.indexOf('e') : text.length;
  const digits = Number(text.slice(0, point) + text.slice(point + 1, end));
  const places = end - point - 1 - Number(text.slice(end + 1));
  // No score has that many places, or so few.
  if (places <= 0 || places > 308) return score;
  const read = digits / Number(`1e${places}`);
  return score < 0 ? -read : read;
}

/** 15 digits and a point, which make an integer below 2^53. */
const EXACT_LENGTH = 16;
