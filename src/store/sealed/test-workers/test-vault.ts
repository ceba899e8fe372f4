import { DataKey } from '../data-key';
import { Vault } from '../vault';

/** A data key; the same for the same number. */
export function testDataKey(number = 0): Promise<DataKey> {
  return DataKey.of(new Uint8Array(32).fill(number));
}

export async function testVault(number = 0): Promise<Vault> {
  return new Vault(await testDataKey(number));
}

/** Of AES-GCM with 256 bits, as an application would hand it in. */
export function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** The code that `call` rejects with. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => String((thrown as { code?: unknown }).code),
  );
}

/** Bytes that are no pattern; the same for the same seed. */
export function someBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  });
}

/** A copy with one bit of a byte turned. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
}
