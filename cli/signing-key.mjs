/** Ed25519 keys as this tool writes and reads them. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Failure } from './failure.mjs';

/** @typedef {import('node:crypto').KeyObject} KeyObject */

/** Of 32 raw bytes, which is what the structure of a public key ends with. */
const RAW_BYTES = 32;

/** The public half as the SDK takes it: base64 of the raw key. @param {KeyObject} privateKey */
export function publicKeyText(privateKey) {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return spki.subarray(-RAW_BYTES).toString('base64');
}

/** @param {string} path @returns {Promise<KeyObject>} */
export async function readSigningKey(path) {
  const pem = await readFile(path, 'utf8');
  let key;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new Failure(`${path} is no private key in PEM. "photoglot keygen" makes one.`, error);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  const got = key.asymmetricKeyType ?? 'unknown';
  throw new Failure(`${path} is a key of type ${got}, expected ed25519: see "photoglot keygen".`);
}
