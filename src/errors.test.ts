import { describe, expect, test } from 'vitest';
import {
  isPhotoglotError,
  PHOTOGLOT_ERROR_CODES,
  PhotoglotError,
  toPhotoglotError,
} from './errors';

describe('PhotoglotError', () => {
  test('keeps the names that the browser gives to aborts and full storage', () => {
    const names = PHOTOGLOT_ERROR_CODES.map((code) => new PhotoglotError(code, '').name);
    expect(new Set(names)).toEqual(new Set(['PhotoglotError', 'AbortError', 'QuotaExceededError']));
    expect(new PhotoglotError('aborted', '').name).toBe('AbortError');
    expect(new PhotoglotError('quota-exceeded', '').name).toBe('QuotaExceededError');
  });

  test('has a cause only if it was given one', () => {
    const cause = new Error('root');
    expect(new PhotoglotError('network', '', { cause }).cause).toBe(cause);
    expect('cause' in new PhotoglotError('network', '')).toBe(false);
  });
});

describe('toPhotoglotError', () => {
  test('lets errors of the family pass', () => {
    const error = new PhotoglotError('storage', 'x');
    expect(toPhotoglotError(error, 'network')).toBe(error);
  });

  test.each([
    [new DOMException('stop', 'AbortError'), 'aborted', 'stop'],
    [new DOMException('full', 'QuotaExceededError'), 'quota-exceeded', 'full'],
    [new TypeError('odd'), 'storage', 'odd'],
    ['words', 'storage', 'words'],
    [undefined, 'storage', 'A non-error was thrown (undefined).'],
  ] as const)('%s', (thrown, code, message) => {
    const error = toPhotoglotError(thrown, 'storage');
    expect([error.code, error.message]).toEqual([code, message]);
    if (thrown !== undefined) expect(error.cause).toBe(thrown);
  });
});

describe('isPhotoglotError', () => {
  test.each([
    [new PhotoglotError('internal', ''), true],
    [Object.assign(new Error(), { code: 'internal' }), true],
    [Object.assign(new Error(), { code: 'ENOENT' }), false],
    [new Error(), false],
    [{ code: 'internal' }, false],
    [null, false],
  ])('%s is %s', (value, expected) => {
    expect(isPhotoglotError(value)).toBe(expected);
  });
});
