/** How large a `where` may be: what it costs per row is bounded by that, whoever wrote it. */
import { PhotoglotError } from '../../errors';

/** Filters within filters and conditions within conditions; also ends one that contains itself. */
const MAX_DEPTH = 16;
/** Conditions, and entries of `and`, `or` and `not`. */
const MAX_CONDITIONS = 128;
/** Values in all lists together. */
const MAX_VALUES = 10_000;
/** UTF-16 units of all keys and strings together. */
const MAX_CHARACTERS = 1_000_000;

/** What is left of the limits for one `where`. All methods throw `too-large`. */
export class WhereBudget {
  #conditions = MAX_CONDITIONS;
  #values = MAX_VALUES;
  #characters = MAX_CHARACTERS;

  /** Asked before `count` filters or conditions at this depth, the outermost 0, are looked at. */
  takeConditions(count: number, depth: number, place: string): void {
    if (depth > MAX_DEPTH) {
      throw new PhotoglotError(
        'too-large',
        `${place} is nested deeper than ${MAX_DEPTH} levels, or contains itself.`,
      );
    }
    this.#conditions -= count;
    if (this.#conditions < 0) throw tooMuch('conditions', MAX_CONDITIONS);
  }

  /** Asked before the values of a list are looked at. */
  takeValues(count: number): void {
    this.#values -= count;
    if (this.#values < 0) throw tooMuch('values in lists', MAX_VALUES);
  }

  takeText(text: string): void {
    this.#characters -= text.length;
    if (this.#characters < 0) throw tooMuch('characters', MAX_CHARACTERS);
  }
}

function tooMuch(what: string, limit: number): PhotoglotError {
  return new PhotoglotError(
    'too-large',
    `where has more than ${limit} ${what}; that is the limit.`,
  );
}
