/** Where windows lie in the text that they cover together. */
import { PhotoglotError } from '../errors';

/** Content tokens `start` … `end − 1` of a text: special tokens do not count. */
export interface WindowSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Throws `invalid-input` unless there are windows, the first starts at 0, and each starts and ends
 * behind the one before without a gap. An empty text is one empty window.
 */
export function checkSpans(windows: readonly WindowSpan[]): void {
  const wrong = windows.findIndex(({ start, end }, index) => {
    const before = windows[index - 1];
    if (!Number.isInteger(start) || !Number.isInteger(end)) return true;
    if (before === undefined) return start !== 0 || end < start;
    return start <= before.start || start > before.end || end <= before.end;
  });
  const span = windows[wrong];
  if (windows.length > 0 && span === undefined) return;
  throw new PhotoglotError(
    'invalid-input',
    'Windows must cover a text from its token 0 on, in ascending order and without gaps; ' +
      (span === undefined ? 'got none.' : `number ${wrong} is ${span.start} to ${span.end}.`),
  );
}
