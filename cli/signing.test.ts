/** `photoglot keygen` and `sign`, as a host uses them, and `verify` with their key. */
import { generateKeyPairSync } from 'node:crypto';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelManifest } from '../src/models/manifest';
import { requireManifestSignature } from '../src/models/manifest-signature';
import { copiedModel, photoglot, readJson, temporaryFolder } from './run-photoglot';

async function newKey(): Promise<{ file: string; publicKey: string }> {
  const file = join(await temporaryFolder(), 'key.pem');
  const { status, out } = await photoglot('keygen', '--out', file);
  expect(status).toBe(0);
  return { file, publicKey: out.trim() };
}

test('what is signed here is accepted by clients, until it is altered', async () => {
  const [folder, key] = [await copiedModel('tiny-fixed'), await newKey()];
  const path = join(folder, 'manifest.json');
  const { status, out } = await photoglot('sign', folder, '--key', key.file);
  expect(status).toBe(0);
  expect(out.trim()).toBe(key.publicKey);
  const signature = await readFile(`${path}.sig`, 'utf8');
  expect(signature).toMatch(/^[A-Za-z0-9+/]{86}==\n$/);
  const bytes = new Uint8Array(await readFile(path));
  await requireManifestSignature(bytes, signature, key.publicKey);
  expect((await photoglot('verify', folder, '--public-key', key.publicKey)).status).toBe(0);

  await appendFile(path, '\n');
  const altered = await photoglot('verify', folder, '--public-key', key.publicKey);
  expect(altered.status).toBe(1);
  expect(altered.out).toContain('was altered after it was signed');
  expect((await photoglot('verify', folder)).status).toBe(0);
});

test('packing anew says that the signature is of the past', async () => {
  const [folder, key] = [await copiedModel('tiny-naflex'), await newKey()];
  await photoglot('sign', folder, '--key', key.file);
  const { out } = await photoglot('pack', folder, '--chunk-size', '1');
  expect(out).toContain('run "photoglot sign" again');
});

test('unsigned, signed by another, and a key that is none', async () => {
  const [folder, key, other] = [await copiedModel('tiny-fixed'), await newKey(), await newKey()];
  const unsigned = await photoglot('verify', folder, '--public-key', key.publicKey);
  expect(unsigned.status).toBe(1);
  expect(unsigned.out).toContain('there is no manifest.json.sig');
  await photoglot('sign', folder, '--key', other.file);
  const wrong = await photoglot('verify', folder, '--public-key', key.publicKey);
  expect(wrong.status).toBe(1);
  expect(wrong.out).toContain(`another key than ${key.publicKey}`);
  const none = await photoglot('verify', folder, '--public-key', 'abc');
  expect(none.status).toBe(1);
  expect(none.errors).toContain('expected base64 of 32 bytes');
});

test('the private key is for its owner alone, and never overwritten', async () => {
  const { file } = await newKey();
  const before = await readFile(file, 'utf8');
  expect(before).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  // Windows has no such modes.
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { status, errors } = await photoglot('keygen', '--out', file);
  expect(status).toBe(1);
  expect(errors).toContain('exists and is left as it is');
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('what would vouch for nothing is not signed', async () => {
  const [folder, key] = [await copiedModel('tiny-fixed'), await newKey()];
  const path = join(folder, 'manifest.json');
  const manifest = await readJson<ModelManifest>(path);
  const files = { ...manifest.files, 'tokenizer.json': { size: 5178 } };
  await writeFile(path, JSON.stringify({ ...manifest, files }));
  const open = await photoglot('sign', folder, '--key', key.file);
  expect(open.status).toBe(1);
  expect(open.errors).toContain('has no SHA-256 of tokenizer.json');
  const byteOrderMark = '\uFEFF';
  await writeFile(path, byteOrderMark + JSON.stringify(manifest));
  expect((await photoglot('sign', folder, '--key', key.file)).errors).toContain('is not JSON');
  await writeFile(path, Buffer.concat([Buffer.from('"'), Buffer.from([0xff])]));
  expect((await photoglot('sign', folder, '--key', key.file)).errors).toContain('is not UTF-8');
});

test('other keys are refused', async () => {
  const folder = await copiedModel('tiny-fixed');
  const file = join(await temporaryFolder(), 'rsa.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const { status, errors } = await photoglot('sign', folder, '--key', file);
  expect(status).toBe(1);
  expect(errors).toContain('is a key of type rsa, expected ed25519');
  await writeFile(file, 'no key');
  expect((await photoglot('sign', folder, '--key', file)).errors).toContain(
    'no private key in PEM',
  );
  expect((await photoglot('sign', folder)).errors).toContain('--key FILE is missing');
});
