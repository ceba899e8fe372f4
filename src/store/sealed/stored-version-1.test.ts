/** What a release wrote has to open in all later ones. */
import { expect, test } from 'vitest';
import { decodeBase64 } from '../../core/base64';
import { MemoryFile, MemoryFolder } from '../segment/test-workers/memory-folder';
import stored from './fixtures/version-1.json' with { type: 'json' };
import { openKeyRecord, type KeyRecord } from './key-record';
import { openBlob } from './sealed-blob';
import { SealedFolder } from './sealed-folder';
import { Vault } from './vault';

test('version 1 opens: key, value, picture, file and names', async () => {
  const { record } = stored;
  const derivation = { ...record.derivation, salt: decodeBase64(record.derivation.salt) };
  const keyRecord = {
    ...record,
    derivation,
    nonce: decodeBase64(record.nonce),
    wrapped: decodeBase64(record.wrapped).buffer,
  } as KeyRecord;
  const { data } = await openKeyRecord(keyRecord, { passphrase: 'version 1' });
  const vault = new Vault(data);
  const text = new TextDecoder();
  const value = await vault.open(decodeBase64(stored.value).buffer, ['items', 'photos', 3]);
  expect(text.decode(value)).toBe('a value');
  const picture = new Blob([decodeBase64(stored.picture)]);
  const opened = await openBlob(vault, picture, ['originals', 'photos', 'name']);
  expect(await opened.text()).toBe('a picture');
  expect(opened instanceof File ? [opened.name, opened.type] : null).toEqual([
    'a.jpg',
    'image/jpeg',
  ]);
  const folder = new MemoryFolder();
  folder.files.set('file', new MemoryFile(decodeBase64(stored.file)));
  const file = await new SealedFolder(folder, data).open('file');
  const bytes = new Uint8Array(file.size);
  await file.read(0, bytes);
  expect(text.decode(bytes)).toBe('a file');
  expect(await vault.nameOf('an id')).toBe(stored.name);
});
