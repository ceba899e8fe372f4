/** Reads dates of ISO 8601 by hand, as a filter may read one per row. */

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/**
 * Milliseconds since the epoch; NaN for what is not `YYYY-MM-DD` or `YYYY-MM-DDTHH:mm`, with
 * `:ss` and a fraction or without, and then `Z`, `±HH:mm` or nothing. Without an offset it is UTC,
 * so that a filter means the same on every device. Digits after the milliseconds are dropped;
 * days that do not exist and leap seconds are no dates.
 */
export function parseIsoDate(text: string): number {
  const date = readDate(text);
  if (text.length === 10) return date;
  const time = text[10] === 'T' ? readMinutes(text, 11) : NaN;
  let end = 16;
  let milliseconds = 0;
  if (text[end] === ':') {
    milliseconds = 1000 * readNumber(text, end + 1, 2, 59);
    end += 3;
    if (text[end] === '.') {
      const first = end + 1;
      end = endOfDigits(text, first);
      milliseconds += readFraction(text, first, end);
    }
  }
  return date + MINUTE * (time - readOffset(text, end)) + milliseconds;
}

/** Midnight (UTC) of the `YYYY-MM-DD` that `text` begins with. */
function readDate(text: string): number {
  if (text[4] !== '-' || text[7] !== '-') return NaN;
  const year = readNumber(text, 0, 4, 9999);
  const month = readNumber(text, 5, 2, 12);
  const day = readNumber(text, 8, 2, 31);
  if (month < 1 || day < 1 || day > daysOfMonth(year, month)) return NaN;
  return DAY * daysSinceEpoch(year, month, day);
}

/** Minutes of the `HH:mm` at `start`. */
function readMinutes(text: string, start: number): number {
  if (text[start + 2] !== ':') return NaN;
  return 60 * readNumber(text, start, 2, 23) + readNumber(text, start + 3, 2, 59);
}

/** Minutes east of UTC, from the rest of the text. */
function readOffset(text: string, start: number): number {
  const rest = text.length - start;
  if (rest === 0 || (rest === 1 && text[start] === 'Z')) return 0;
  if (rest !== 6) return NaN;
  if (text[start] === '+') return readMinutes(text, start + 1);
  return text[start] === '-' ? -readMinutes(text, start + 1) : NaN;
}

/** Whole milliseconds of the digits `first` … `end − 1` after the point, of which there is one at least. */
function readFraction(text: string, first: number, end: number): number {
  const count = Math.min(end - first, 3);
  return count === 0 ? NaN : readNumber(text, first, count, 999) * 10 ** (3 - count);
}

function endOfDigits(text: string, first: number): number {
  let end = first;
  while (digitAt(text, end) <= 9) end++;
  return end;
}

/** Of `count` digits; NaN when they are none, or more than `most`. */
function readNumber(text: string, start: number, count: number, most: number): number {
  let value = 0;
  for (let index = start; index < start + count; index++) {
    value = value * 10 + digitAt(text, index);
  }
  return value <= most ? value : NaN;
}

/** 0…9, else NaN. */
function digitAt(text: string, index: number): number {
  const digit = text.charCodeAt(index) - 48;
  return digit >= 0 && digit <= 9 ? digit : NaN;
}

function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/**
 * Of the proleptic Gregorian calendar. Years begin in March here, so that the day that may be
 * missing is the last: https://howardhinnant.github.io/date_algorithms.html#days_from_civil.
 */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  return 365 * marchYear + leapDays + dayOfYear - 719_468;
}
