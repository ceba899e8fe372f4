/**
 * Whether a host is asked for parts, or for the whole file. Browsers refuse compressed answers to
 * requests for parts (Chromium: ERR_CONTENT_DECODING_FAILED), which looks like a broken connection;
 * asked for the whole file, the same host has a good answer. It is one request for all chunks then,
 * and after a break it begins at the start: so it is the exception.
 */
import type { AnswerHead } from './range-answer';

export class RangeHabit {
  #knows: 'nothing' | 'parts' | 'whole' = 'nothing';
  /** Requests without any answer. */
  #silences = 0;

  /** Whether to ask for the whole file: in turn with parts, while there is silence. */
  get asksWhole(): boolean {
    return this.#knows === 'nothing' ? this.#silences % 2 === 1 : this.#knows === 'whole';
  }

  /** There was no answer at all. */
  silent(): void {
    this.#silences += 1;
  }

  /** The host can be asked for parts. */
  answeredPart(): void {
    this.#knows = 'parts';
  }

  /**
   * Whether to take an answer with the whole file: when it is or may be compressed, or when the
   * host has answered to nothing else for long. Where nothing tells, one silence is no reason to
   * read again what is there.
   *
   * @param size bytes of the file; null where it is not known
   * @param position bytes of the file that are there
   */
  takesWhole(head: AnswerHead, size: number | null, position: number): boolean {
    const mayBeCompressed = size === null ? position === 0 : head.length !== size;
    const isTaken = head.isCompressed ?? mayBeCompressed;
    if (isTaken || this.#silences > 4) this.#knows = 'whole';
    return this.#knows === 'whole';
  }

  /** Another host is asked. */
  reset(): void {
    this.#knows = 'nothing';
    this.#silences = 0;
  }
}
