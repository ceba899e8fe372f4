import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isPhotoglotError, type PhotoglotErrorCode } from '../errors';
import { requireManifestSignature, verifyManifestSignature } from './manifest-signature';

const TEXT = new TextEncoder().encode('{ "id": "tiny" }\n');
const OWNER = newKey();
const OTHER = newKey();
const SIGNATURE = OWNER.sign(TEXT);

afterEach(() => vi.unstubAllGlobals());

test('a signature of these bytes by this key is right', async () => {
  expect(await verifyManifestSignature(TEXT, SIGNATURE, OWNER.publicKey)).toBe(true);
  await expect(requireManifestSignature(TEXT, SIGNATURE, OWNER.publicKey)).resolves.toBeUndefined();
});

test('white space around signature and key is no matter', async () => {
  expect(await verifyManifestSignature(TEXT, `${SIGNATURE}\r\n`, ` ${OWNER.publicKey}\n`)).toBe(
    true,
  );
});

test.each([0, 5, TEXT.length - 1])('a changed byte (%i) is noticed', async (at) => {
  const altered = TEXT.map((byte, index) => (index === at ? byte ^ 1 : byte));
  expect(await verifyManifestSignature(altered, SIGNATURE, OWNER.publicKey)).toBe(false);
  const [code, message] = await failure(altered, SIGNATURE, OWNER.publicKey);
  expect(code).toBe('signature-invalid');
  expect(message).toContain('was altered after it was signed');
});

test('bytes that were cut or appended are noticed', async () => {
  const longer = new Uint8Array([...TEXT, 10]);
  expect(await verifyManifestSignature(longer, SIGNATURE, OWNER.publicKey)).toBe(false);
  expect(await verifyManifestSignature(TEXT.slice(1), SIGNATURE, OWNER.publicKey)).toBe(false);
});

test('the signature of another key is refused', async () => {
  const [code, message] = await failure(TEXT, OTHER.sign(TEXT), OWNER.publicKey);
  expect(code).toBe('signature-invalid');
  expect(message).toContain(`another key than ${OWNER.publicKey}`);
});

test('an unsigned manifest is refused', async () => {
  const [code, message] = await failure(TEXT, null, OWNER.publicKey);
  expect(code).toBe('signature-invalid');
  expect(message).toContain('there is no manifest.json.sig');
});

test.each([
  ['', '0 characters'],
  ['<!doctype html><title>Start</title>', '"<!doctype html><title>St"'],
  ['AAAA', '4 characters'],
  [SIGNATURE.slice(0, 40) + ' ' + SIGNATURE.slice(41), '88 characters'],
  [`${SIGNATURE}${SIGNATURE}`, '176 characters'],
])('"%s" is no signature', async (signature, got) => {
  const [code, message] = await failure(TEXT, signature, OWNER.publicKey);
  expect(code).toBe('signature-invalid');
  expect(message).toContain(`got ${got}`.replace('got "', 'beginning with "'));
  expect(message).toContain('expected base64 of 64 bytes');
});

describe('a malformed key is the caller’s fault', () => {
  test.each(['', 'not a key', OWNER.publicKey.slice(0, 40), SIGNATURE])('"%s"', async (key) => {
    for (const signature of [SIGNATURE, null, 'no signature']) {
      const [code, message] = await failure(TEXT, signature, key);
      expect(code).toBe('invalid-input');
      expect(message).toContain('expected base64 of 32 bytes');
    }
  });
});

test('a platform without Ed25519 says so', async () => {
  const cause = new DOMException('Unrecognized name.', 'NotSupportedError');
  vi.stubGlobal('crypto', { subtle: { importKey: () => Promise.reject(cause) } });
  const [code, message] = await failure(TEXT, SIGNATURE, OWNER.publicKey);
  expect(code).toBe('signature-invalid');
  expect(message).toContain('this platform has no Ed25519');
});

test('an insecure context says so', async () => {
  vi.stubGlobal('crypto', {});
  const [code, message] = await failure(TEXT, SIGNATURE, OWNER.publicKey);
  expect(code).toBe('signature-invalid');
  expect(message).toContain('secure context');
});

function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: raw.toString('base64'),
    sign: (bytes: Uint8Array) => sign(null, bytes, privateKey).toString('base64'),
  };
}

async function failure(
  bytes: Uint8Array<ArrayBuffer>,
  signature: string | null,
  key: string,
): Promise<[PhotoglotErrorCode, string]> {
  try {
    await requireManifestSignature(bytes, signature, key);
  } catch (thrown) {
    if (isPhotoglotError(thrown)) return [thrown.code, thrown.message];
    throw thrown;
  }
  throw new Error('it was accepted');
}
