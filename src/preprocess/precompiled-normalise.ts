/** Text normalisation by a SentencePiece charsmap, as the Hugging Face tokenizers do it. */
import { clusterEnd, widthOf } from './graphemes';
import type { PrecompiledCharsmap } from './precompiled-charsmap';

/**
 * Normalises a well-formed text. A grapheme cluster of less than 6 bytes is looked up as one, all
 * else character by character; what has no entry stays.
 *
 * So not all that SentencePiece composes is composed: Hangul jamo stay apart, and so does a kana
 * and a voicing mark after it. A mark of 2 bytes after a character that has an entry vanishes.
 * The models saw texts that way, in all their training.
 */
export function normalisePrecompiled(text: string, charsmap: PrecompiledCharsmap): string {
  let normalised = '';
  let copied = 0;
  const replace = (start: number, end: number): boolean => {
    const replacement = charsmap.lookUp(text, start, end);
    if (replacement === null) return false;
    normalised += text.slice(copied, start) + replacement;
    copied = end;
    return true;
  };
  for (let at = 0; at < text.length;) {
    const end = clusterEnd(text, at);
    const whole = utf8Length(text, at, end) < 6 && replace(at, end);
    while (!whole && at < end) {
      const next = at + widthOf(text.codePointAt(at) as number);
      replace(at, next);
      at = next;
    }
    at = end;
  }
  return normalised + text.slice(copied);
}

function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a surrogate pair counts for 2.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
