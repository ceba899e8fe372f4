import type { Encryption } from '../../protocol/encryption';
import { createKeyRecord, type KeyRecord } from './key-record';
import { SealedForm } from './sealed-form';
import type { StoredForm } from './stored-form';
import { Vault } from './vault';

/** How a collection is encrypted. */
export interface CollectionLock {
  readonly record: KeyRecord;
  readonly form: StoredForm;
}

/** For a new collection. Rejects as {@link createKeyRecord} does. */
export async function newLock(encryption: Encryption): Promise<CollectionLock> {
  const { record, keys } = await createKeyRecord(encryption);
  return { record, form: new SealedForm(new Vault(keys.data)) };
}
