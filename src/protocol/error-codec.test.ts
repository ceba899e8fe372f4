import { describe, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import { decodeError, encodeError } from './error-codec';

/** Over the boundary and back, as a message would go. */
const roundTrip = (thrown: unknown): unknown => decodeError(structuredClone(encodeError(thrown)));

describe('the error codec', () => {
  test('keeps code, message, stack and the chain of causes', () => {
    const root = new RangeError('root');
    const middle = new PhotoglotError('storage', 'middle', { cause: root });
    const back = roundTrip(new PhotoglotError('network', 'top', { cause: middle }));
    expect(back).toBeInstanceOf(PhotoglotError);
    const top = back as PhotoglotError;
    expect([top.code, top.message]).toEqual(['network', 'top']);
    const second = top.cause as PhotoglotError;
    expect([second.code, second.message, second.stack]).toEqual([
      'storage',
      'middle',
      middle.stack,
    ]);
    const third = second.cause as Error;
    expect([third.name, third.message, third.stack]).toEqual(['RangeError', 'root', root.stack]);
    expect('cause' in third).toBe(false);
  });

  test.each([['words'], [7], [false], [null]])('keeps the plain value %s', (value) => {
    expect(roundTrip(value)).toBe(value);
  });

  test('names what it cannot keep', () => {
    expect(roundTrip({ secret: 1 })).toBe('[object Object]');
    expect(roundTrip(undefined)).toBe('[object Undefined]');
  });

  test('ends a circle of causes', () => {
    const error = new Error('round');
    error.cause = error;
    let depth = 0;
    for (let at = roundTrip(error); at instanceof Error; at = at.cause) depth++;
    expect(depth).toBe(9);
  });

  test('reads a code of another release as internal', () => {
    const encoded = { ...encodeError(new PhotoglotError('network', 'x')), code: 'from-the-future' };
    expect((decodeError(encoded as ReturnType<typeof encodeError>) as PhotoglotError).code).toBe(
      'internal',
    );
  });
});
