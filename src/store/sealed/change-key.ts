import { PhotoglotError } from '../../errors';
import type { Encryption } from '../../protocol/encryption';
import { commitIfSame } from '../commit-if-same';
import type { Database } from '../database';
import { partsOf, type CollectionRecord } from '../schema';
import type { Put } from '../writes';
import { rewrapKeyRecord } from './key-record';

/**
 * Has a collection open with another passphrase or key: its data key, which stays, is wrapped anew. Rejects
 * with `not-found`, `wrong-key`, or `invalid-input` for a plain one.
 */
export async function changeKey(
  database: Database,
  name: string,
  from: Encryption,
  to: Encryption,
): Promise<void> {
  for (;;) {
    const record = await database.query((opened) => opened.get('collections', name));
    if (record === undefined) {
      throw new PhotoglotError('not-found', `There is no collection "${name}".`);
    }
    if (record.encryption === undefined) {
      throw new PhotoglotError('invalid-input', `The collection "${name}" is not encrypted.`);
    }
    // A write like others, so that no tab puts back the record that it knows.
    const revision = record.revision + 1;
    const encryption = await rewrapKeyRecord(record.encryption, from, to);
    const after: CollectionRecord = { ...record, revision, encryption };
    const puts: Put[] = [{ store: 'journal', key: [partsOf(record), revision], value: [] }];
    if (await commitIfSame(database, record, after, { deletions: [], puts })) return;
  }
}
