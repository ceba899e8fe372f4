/**
 * The `precompiled_charsmap` of SentencePiece: a trie of UTF-8 bytes, each entry of which points
 * to its replacement.
 *
 * | Bytes | What |
 * |---|---|
 * | 4 | uint32, little-endian: how many bytes the trie has |
 * | … | the trie: uint32 units of a Darts double array |
 * | … | the replacements, UTF-8, each ended by a NUL |
 */

import { decodeBase64 } from '../core/base64';

/** A decoded charsmap. */
export class PrecompiledCharsmap {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #decoded = new Map<number, string>();

  /** `base64` as in tokenizer.json; throws an Error when it holds no charsmap. */
  constructor(base64: string) {
    const bytes = decodeBase64(base64);
    if (bytes.length < 4) throw new Error('The precompiled_charsmap is too short.');
    const view = new DataView(bytes.buffer);
    const size = view.getUint32(0, true);
    if (size % 4 !== 0 || size === 0 || 4 + size > bytes.length)
      throw new Error('The precompiled_charsmap is cut off.');
    this.#units = Uint32Array.from({ length: size / 4 }, (_, at) =>
      view.getUint32(4 + 4 * at, true),
    );
    this.#replacements = bytes.slice(4 + size);
  }

  /**
   * What `text` from `start` to `end` becomes by its shortest prefix that has an entry; null when
   * no prefix has one. The prefix stands for all of it: that is how the library works that made
   * the ids of the models, where SentencePiece itself takes the longest and goes on behind it.
   */
  lookUp(text: string, start: number, end: number): string | null {
    const units = this.#units;
    let node = offsetOf(units[0] as number);
    for (let at = start; at < end;) {
      const codePoint = text.codePointAt(at) as number;
      at += codePoint > 0xffff ? 2 : 1;
      for (let shift = firstShift(codePoint), lead = true; shift >= 0; shift -= 6, lead = false) {
        const byte = utf8Byte(codePoint, shift, lead);
        node ^= byte;
        const unit = units[node];
        // A value unit has bit 31 set and so never the label of a byte; NUL is no label.
        if (unit === undefined || byte === 0 || (unit & LABEL) !== byte) return null;
        node ^= offsetOf(unit);
        if ((unit & HAS_LEAF) !== 0) return this.#replacementAt((units[node] ?? 0) & VALUE);
      }
    }
    return null;
  }

  #replacementAt(start: number): string {
    let text = this.#decoded.get(start);
    if (text === undefined) {
      const end = this.#replacements.indexOf(0, start);
      text = new TextDecoder().decode(
        this.#replacements.subarray(start, end < 0 ? undefined : end),
      );
      this.#decoded.set(start, text);
    }
    return text;
  }
}

const LABEL = 0x8000_00ff | 0;
const HAS_LEAF = 1 << 8;
const VALUE = 0x7fff_ffff;

/** Where the children of a unit are, relative to it (by exclusive or). */
function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
}

/** How far the first byte's bits are shifted in the code point; 6 less for each byte after it. */
function firstShift(codePoint: number): number {
  if (codePoint < 0x80) return 0;
  if (codePoint < 0x800) return 6;
  return codePoint < 0x1_0000 ? 12 : 18;
}

function utf8Byte(codePoint: number, shift: number, lead: boolean): number {
  const bits = codePoint >>> shift;
  if (!lead) return 0x80 | (bits & 0x3f);
  if (shift === 0) return bits;
  // 110…, 1110… or 11110… before the bits, by the number of bytes.
  return ((0x7f80 >>> (shift / 6)) & 0xff) | bits;
}
