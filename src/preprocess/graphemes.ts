/** Where a grapheme cluster ends, as far as the charsmap of a tokenizer can notice. */
import { CONTROL, JOINING, PREPENDING } from './grapheme-table';

/**
 * The end of the cluster that begins at `at`, by UAX #29, but for clusters of 6 UTF-8 bytes and
 * more, which may come in parts: their characters are normalised one by one anyway. So there is
 * no rule here for Hangul, Indic conjuncts, flags and emoji sequences, all of whose characters
 * have at least 3 bytes, but for © and ® with a ZWJ and an emoji, and no charsmap at hand has an
 * entry for these two.
 */
export function clusterEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  // Nothing below U+0300 joins, nothing below U+0600 is joined by what follows.
  if (code < 0x600 && !(text.charCodeAt(at + 1) >= 0x300) && code !== CR) return at + 1;
  let current = text.codePointAt(at) as number;
  let end = at + widthOf(current);
  while (end < text.length) {
    const next = text.codePointAt(end) as number;
    if (!joined(current, next)) break;
    current = next;
    end += widthOf(next);
  }
  return end;
}

const CR = 0x0d;
const LF = 0x0a;

function joined(before: number, after: number): boolean {
  if (before === CR) return after === LF;
  if (contains(control, before)) return false;
  if (contains(joining, after)) return true;
  return contains(prepending, before) && !contains(control, after);
}

/** How many UTF-16 units a code point takes. */
export function widthOf(codePoint: number): 1 | 2 {
  return codePoint > 0xffff ? 2 : 1;
}

/** First code points of ranges and of the gaps between them, in turn, ascending. */
type Borders = Uint32Array;

const joining = parseRanges(JOINING);
const prepending = parseRanges(PREPENDING);
const control = parseRanges(CONTROL);

function parseRanges(text: string): Borders {
  return Uint32Array.from(
    text.split(' ').flatMap((range) => {
      const [first = '', last = first] = range.split('-');
      return [parseInt(first, 16), parseInt(last, 16) + 1];
    }),
  );
}

function contains(borders: Borders, codePoint: number): boolean {
  let low = 0;
  let high = borders.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((borders[middle] as number) <= codePoint) low = middle + 1;
    else high = middle;
  }
  // After an odd number of borders one is inside a range.
  return low % 2 === 1;
}
