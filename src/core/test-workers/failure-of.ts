/** What a call fails with, for tests. */
import { isPhotoglotError } from '../../errors';

/** `code: message` of the family's error that the call throws; `none` when it throws no such error. */
export function failureOf(call: () => unknown): string {
  try {
    call();
  } catch (thrown) {
    if (isPhotoglotError(thrown)) return `${thrown.code}: ${thrown.message}`;
  }
  return 'none';
}
