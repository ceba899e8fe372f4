/** Tokens of a text to what one run of a model takes: framed by special tokens, and not too long. */
import { PhotoglotError } from '../errors';

/** Special tokens around every text; of BGE-M3 `<s>` = 0 and `</s>` = 2. */
export interface TokenFrame {
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
}

/** A part of a text, ready for the model. */
export interface TokenWindow {
  /** Prefix, the content tokens `start` … `end − 1`, suffix. */
  readonly ids: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * `content` within its frame. What does not fit `maxTokens` is cut from the content's end; special
 * tokens are kept, as Hugging Face's truncation does. Throws `invalid-input` when they alone do not
 * fit.
 */
export function frameTokens(
  content: readonly number[],
  frame: TokenFrame,
  maxTokens: number,
): number[] {
  return framed(content, frame, 0, Math.min(content.length, roomOf(frame, maxTokens)));
}

/**
 * A text of any length as windows of at most `maxTokens`, each in its own frame. Neighbours share
 * at least `overlap` content tokens, so that what stands at one's edge has context in the other.
 *
 * All windows of a text that needs several are full, so that they run together without padding:
 * the last one is moved back to end with the text, and shares more with the one before. Starts and
 * ends ascend; every content token is in at least one window. A text that fits, or is empty, is
 * one window.
 *
 * Throws `invalid-input` unless `overlap` is less than the content tokens of a window.
 */
export function tokenWindows(
  content: readonly number[],
  frame: TokenFrame,
  maxTokens: number,
  overlap: number,
): TokenWindow[] {
  const room = roomOf(frame, maxTokens);
  if (!Number.isInteger(overlap) || overlap < 0 || overlap >= room) {
    throw new PhotoglotError(
      'invalid-input',
      `The overlap must be an integer from 0 to ${room - 1}, less than the ${room} content tokens ` +
        `of a window; got ${overlap}.`,
    );
  }
  const windows: TokenWindow[] = [];
  for (let start = 0; ; start += room - overlap) {
    const end = Math.min(start + room, content.length);
    const from = Math.max(0, end - room);
    windows.push({ ids: framed(content, frame, from, end), start: from, end });
    if (end === content.length) return windows;
  }
}

/** How many content tokens a window holds. */
function roomOf({ prefix, suffix }: TokenFrame, maxTokens: number): number {
  const special = prefix.length + suffix.length;
  if (Number.isInteger(maxTokens) && maxTokens >= special) return maxTokens - special;
  throw new PhotoglotError(
    'invalid-input',
    `The longest input must be an integer of at least the ${special} special tokens; ` +
      `got ${maxTokens}.`,
  );
}

function framed(
  content: readonly number[],
  { prefix, suffix }: TokenFrame,
  start: number,
  end: number,
): number[] {
  return [...prefix, ...content.slice(start, end), ...suffix];
}
