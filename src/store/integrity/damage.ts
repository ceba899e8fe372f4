/**
 * What is damage, and what is a disk or database that cannot be reached at the moment: nothing may be given
 * up for the latter.
 */
import { isPhotoglotError } from '../../errors';
import type { Database } from '../database';
import type { StoreDatabase } from '../schema';

/** Null where what is read is damaged. */
export async function survivor<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (thrown) {
    if (isDamage(thrown)) return null;
    throw thrown;
  }
}

/** Of what was read of files, and of values that were read already. */
export function isDamage(thrown: unknown): boolean {
  if (!isPhotoglotError(thrown) || thrown.code !== 'storage') return false;
  const { cause } = thrown;
  // Exceptions of the file system tell that it refused. WebCrypto's tells that bytes are not what was sealed.
  return !(cause instanceof DOMException) || cause.name === 'OperationError';
}

/**
 * A value of the database; undefined where there is none, null where it alone cannot be read: not twice,
 * while the database can. Rejects as the database does.
 */
export async function storedValue<Value>(
  database: Database,
  get: (opened: StoreDatabase) => Promise<Value | undefined>,
): Promise<Value | undefined | null> {
  try {
    return await database.query(get);
  } catch {
    await database.query((opened) => opened.count('collections'));
  }
  try {
    return await database.query(get);
  } catch {
    await database.query((opened) => opened.count('collections'));
    return null;
  }
}
