import { describe, expect, test } from 'vitest';
import type { Encryption } from '../../protocol/encryption';
import type { DataKey } from './data-key';
import {
  createKeyRecord,
  openKeyRecord,
  reopenKeyRecord,
  rewrapKeyRecord,
  type KeyRecord,
} from './key-record';
import { codeOf, flipped, newKey } from './test-workers/test-vault';
import { Vault } from './vault';

const SECRET = new TextEncoder().encode('the meeting is at noon');

describe.each([
  ['a passphrase', () => Promise.resolve({ passphrase: 'correct horse' })],
  ['a key', async () => ({ key: await newKey() })],
] as const)('a data key under %s', (_, make: () => Promise<Encryption>) => {
  test('is opened by it alone', async () => {
    const encryption = await make();
    const { record, keys } = await createKeyRecord(encryption);
    // As IndexedDB keeps it.
    const kept = structuredClone(record);
    const opened = await openKeyRecord(kept, encryption);
    await expectSame(opened.data, keys.data);
    await expectSame(await reopenKeyRecord(kept, opened.owner), keys.data);
    for (const other of [{ passphrase: 'correct horse ' }, { key: await newKey() }]) {
      expect(await codeOf(openKeyRecord(kept, other))).toBe('wrong-key');
    }
  });

  test('is another each time', async () => {
    const encryption = await make();
    const [first, second] = [await createKeyRecord(encryption), await createKeyRecord(encryption)];
    const sealed = await new Vault(first.keys.data).seal(SECRET, []);
    expect(await codeOf(new Vault(second.keys.data).open(sealed, []))).toBe('storage');
    expect(first.record.id).not.toBe(second.record.id);
  });

  test('is wrapped anew without becoming another', async () => {
    const encryption = await make();
    const { record, keys } = await createKeyRecord(encryption);
    const next = { passphrase: 'battery staple' };
    const rewrapped = await rewrapKeyRecord(record, encryption, next);
    expect(rewrapped.id).toBe(record.id);
    await expectSame((await openKeyRecord(rewrapped, next)).data, keys.data);
    expect(await codeOf(openKeyRecord(rewrapped, encryption))).toBe('wrong-key');
    expect(await codeOf(rewrapKeyRecord(record, next, encryption))).toBe('wrong-key');
  });

  test('is not opened from an altered record', async () => {
    const encryption = await make();
    const { record } = await createKeyRecord(encryption);
    const wrapped = flipped(new Uint8Array(record.wrapped), 3).buffer;
    const nonce = flipped(record.nonce, 0);
    for (const altered of [
      { ...record, wrapped },
      { ...record, nonce },
      { ...record, id: crypto.randomUUID() },
    ]) {
      expect(await codeOf(openKeyRecord(altered, encryption))).toBe('wrong-key');
    }
    const newer = { ...record, version: 2 } as unknown as KeyRecord;
    expect(await codeOf(openKeyRecord(newer, encryption))).toBe('storage-version');
  });
});

test('a passphrase is the same however its accents are composed', async () => {
  const { record, keys } = await createKeyRecord({ passphrase: 'caf\u00e9' });
  const opened = await openKeyRecord(record, { passphrase: 'cafe\u0301' });
  await expectSame(opened.data, keys.data);
});

test('a record that asks for more rounds than a tab can wait for is refused', async () => {
  const encryption = { passphrase: 'x' };
  const { record } = await createKeyRecord(encryption);
  if (record.derivation.kind === 'key') throw new Error('not of a passphrase');
  for (const iterations of [1e12, NaN]) {
    const altered = { ...record, derivation: { ...record.derivation, iterations } };
    expect(await codeOf(openKeyRecord(altered, encryption))).toBe('storage');
  }
});

test('what is neither passphrase nor key is refused', async () => {
  const { subtle } = crypto;
  const short = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const other = await subtle.generateKey({ name: 'AES-CBC', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const half = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const key = await newKey();
  for (const wrong of [
    null,
    'secret',
    {},
    { passphrase: '' },
    { passphrase: 1 },
    { passphrase: 'x', key },
    { key: null },
    { key: 'secret' },
    { key: short },
    { key: other },
    { key: half },
  ]) {
    expect(await codeOf(createKeyRecord(wrong as unknown as Encryption))).toBe('invalid-input');
  }
});

/** That what one seals the other opens. */
async function expectSame(left: DataKey, right: DataKey): Promise<void> {
  const sealed = await new Vault(left).seal(SECRET, ['place']);
  expect(new Uint8Array(await new Vault(right).open(sealed, ['place']))).toEqual(SECRET);
}
