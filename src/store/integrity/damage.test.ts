import { expect, test } from 'vitest';
import { PhotoglotError } from '../../errors';
import type { Database } from '../database';
import type { StoreDatabase } from '../schema';
import { storedValue, survivor } from './damage';

/** A database of which one value can be read, or not, as `answers` say one after the other. */
function databaseWith(answers: ('value' | 'fails' | 'down')[]): Database {
  let isDown = false;
  const opened = {
    get: () => {
      const answer = answers.shift() ?? 'value';
      isDown = answer === 'down';
      return answer === 'value' ? Promise.resolve('value') : Promise.reject(failure());
    },
    count: () => (isDown ? Promise.reject(failure()) : Promise.resolve(1)),
  };
  const query = (request: (database: StoreDatabase) => unknown) =>
    request(opened as unknown as StoreDatabase);
  return { query } as unknown as Database;
}

function failure(): PhotoglotError {
  return new PhotoglotError('storage', 'The database failed.');
}

function read(database: Database): Promise<unknown> {
  return storedValue(database, (opened) => opened.get('vectors', ['a', 0]));
}

test('a value is given up only where it alone cannot be read, twice', async () => {
  expect(await read(databaseWith(['value']))).toBe('value');
  expect(await read(databaseWith(['fails', 'value']))).toBe('value');
  expect(await read(databaseWith(['fails', 'fails', 'value']))).toBeNull();
  await expect(read(databaseWith(['down', 'value']))).rejects.toThrow('The database failed.');
  await expect(read(databaseWith(['fails', 'down']))).rejects.toThrow('The database failed.');
});

test.each([
  ['bytes that are wrong', undefined, true],
  ['what WebCrypto does not open', new DOMException('', 'OperationError'), true],
  ['a file that another tab has', new DOMException('', 'NoModificationAllowedError'), false],
])('%s', async (_, cause, isDamage) => {
  const error = new PhotoglotError('storage', 'no', { cause });
  const reading = survivor(() => Promise.reject(error));
  await (isDamage ? expect(reading).resolves.toBeNull() : expect(reading).rejects.toBe(error));
});

test('what a newer release wrote is no damage', async () => {
  const error = new PhotoglotError('storage-version', 'newer');
  await expect(survivor(() => Promise.reject(error))).rejects.toBe(error);
});
