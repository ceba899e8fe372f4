/** The encrypted collections that this worker has the keys of. */
import { PhotoglotError } from '../../errors';
import type { Encryption } from '../../protocol/encryption';
import type { CollectionRecord } from '../schema';
import { openKeyRecord, reopenKeyRecord, type CollectionKeys, type KeyRecord } from './key-record';
import { PLAIN_FORM } from './plain-form';
import { SealedForm } from './sealed-form';
import type { StoredForm } from './stored-form';
import { Vault } from './vault';

/** The id of no key. */
const NO_KEY = '';

type Identified = Pick<CollectionRecord, 'name' | 'encryption'>;

export class OpenVaults {
  /** By the ids of their data keys. */
  readonly #forms = new Map<string, SealedForm>();
  /** By the collection's name, the id of the data key that it was opened with. */
  readonly #expected = new Map<string, string>();
  /** What has to be waited for before anything is said to be locked. */
  #reopening: Promise<unknown> = Promise.resolve();

  /** Remembers the data key of a collection; the owner's key. */
  add(name: string, { id }: KeyRecord, { owner, data }: CollectionKeys): CryptoKey {
    if (!this.#forms.has(id)) this.#forms.set(id, new SealedForm(new Vault(data)));
    this.#expected.set(name, id);
    return owner;
  }

  /**
   * Checks the passphrase or key, and remembers what it opens; the owner's key, which {@link reopen} takes
   * instead, or null for a collection that is plain, as it should be. Rejects with `key-required`,
   * `wrong-key` or `invalid-input`.
   */
  async open(
    { name, encryption: record }: Identified,
    encryption: Encryption | null,
  ): Promise<CryptoKey | null> {
    if (record === undefined) {
      if (encryption !== null) throw notEncrypted(name);
      this.#expected.delete(name);
      return null;
    }
    if (encryption === null) throw keyRequired(name);
    return this.add(name, record, await openKeyRecord(record, encryption));
  }

  /**
   * Remembers what the owner's key opens; calls that come later wait for it. Rejects with `wrong-key`.
   * @param find reads the collection's record; null if there is none
   */
  reopen(find: () => Promise<Identified | null>, owner: CryptoKey): Promise<void> {
    const reopened = find().then(async (found) => {
      if (found === null) return;
      const { name, encryption: record } = found;
      // Whoever had it open does not expect to write in plain.
      if (record === undefined) this.#expected.set(name, NO_KEY);
      else this.add(name, record, { owner, data: await reopenKeyRecord(record, owner) });
    });
    const failed = reopened.catch(() => undefined);
    this.#reopening = Promise.all([this.#reopening, failed]);
    return reopened;
  }

  /**
   * How the collection lies on the disk. Rejects with `key-required`, and with `wrong-key` where it is no
   * longer the one that was opened.
   */
  async formOf({ name, encryption: record }: Identified): Promise<StoredForm> {
    await this.#reopening;
    const expected = this.#expected.get(name);
    if (expected !== undefined && expected !== record?.id) throw replaced(name);
    if (record === undefined) return PLAIN_FORM;
    const form = this.#forms.get(record.id);
    if (form === undefined) throw keyRequired(name);
    return form;
  }
}

function keyRequired(name: string): PhotoglotError {
  return new PhotoglotError(
    'key-required',
    `The collection "${name}" is encrypted: open it with its passphrase or key (encryption).`,
  );
}

function notEncrypted(name: string): PhotoglotError {
  return new PhotoglotError(
    'invalid-input',
    `The collection "${name}" is not encrypted. Open it without a key; or export it, and import it ` +
      'with `encryption` and `replace`.',
  );
}

function replaced(name: string): PhotoglotError {
  return new PhotoglotError(
    'wrong-key',
    `The collection "${name}" was replaced since it was opened, and has another key or none by now. ` +
      'Open it again.',
  );
}
