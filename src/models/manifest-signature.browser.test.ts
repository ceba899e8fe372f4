/** The browser's Ed25519 agrees with Node's, which signs: the pair below is from `photoglot sign`. */
import { expect, test } from 'vitest';
import { requireManifestSignature, verifyManifestSignature } from './manifest-signature';

const TEXT = new TextEncoder().encode('{ "id": "tiny" }\n');
const PUBLIC_KEY = 'q1XSxBKgdda6TUcjQLsLP79CulUp3joelqDotLJ30mI=';
const SIGNATURE =
  'Nx4jNzaE40arFflWWwvZTRH4UNS3ub7eot4jV8pAXFm6doV8iPV04ePMTK05/5OTp2l8Rwusn90AMxfMwAhEAQ==\n';

test('what Node signed is right here', async () => {
  expect(await verifyManifestSignature(TEXT, SIGNATURE, PUBLIC_KEY)).toBe(true);
});

test('altered bytes, and another key', async () => {
  const altered = TEXT.map((byte, index) => (index === 9 ? byte ^ 1 : byte));
  await expect(requireManifestSignature(altered, SIGNATURE, PUBLIC_KEY)).rejects.toMatchObject({
    code: 'signature-invalid',
  });
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const other = btoa(String.fromCharCode(...raw));
  expect(await verifyManifestSignature(TEXT, SIGNATURE, other)).toBe(false);
  const own = new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, pair.privateKey, TEXT));
  expect(await verifyManifestSignature(TEXT, btoa(String.fromCharCode(...own)), other)).toBe(true);
});

test('a key that is no point of the curve vouches for nothing', async () => {
  const noPoint = btoa(String.fromCharCode(2, ...new Array<number>(31).fill(0)));
  const check = requireManifestSignature(TEXT, SIGNATURE, noPoint);
  await expect(check).rejects.toMatchObject({ code: 'signature-invalid' });
});
