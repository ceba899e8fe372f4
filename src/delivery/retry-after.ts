/** How long a server asks to be left alone. */
import { wholeNumber } from './content-range';

/**
 * Milliseconds; null where the header is missing or says nothing.
 *
 * @param header seconds, or a date
 * @param now milliseconds since 1970
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  const seconds = wholeNumber(header);
  if (seconds !== null) return seconds * 1000;
  // `Date.parse` takes lone numbers for years.
  const date = header !== null && /[a-z]/i.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
