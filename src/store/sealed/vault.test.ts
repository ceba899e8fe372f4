import { afterEach, describe, expect, test, vi } from 'vitest';
import { codeOf, flipped, someBytes, testVault } from './test-workers/test-vault';

const PLAIN = someBytes(100);
const PLACE = ['vectors', 'photos', 3];

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a sealed value', () => {
  test('opens where it belongs, by another vault of the same key', async () => {
    const sealed = await (await testVault()).seal(PLAIN, PLACE);
    expect(new Uint8Array(await (await testVault()).open(sealed, PLACE))).toEqual(PLAIN);
  });

  test('shows nothing of what it holds but its length', async () => {
    const sealed = new Uint8Array(await (await testVault()).seal(new Uint8Array(100), PLACE));
    expect(sealed.length).toBe(152);
    // As random bytes would be: a hundred zeros are not.
    expect(new Set(sealed.subarray(36)).size).toBeGreaterThan(50);
  });

  test.each([
    ['of another object store', ['items', 'photos', 3]],
    ['of another collection', ['vectors', 'photos ', 3]],
    ['of another number', ['vectors', 'photos', 4]],
    ['whose parts run together', ['vectors', 'photos,3']],
    ['of a string where there was a number', ['vectors', 'photos', '3']],
  ])('does not open at a place %s', async (_, place) => {
    const vault = await testVault();
    const sealed = await vault.seal(PLAIN, PLACE);
    expect(await codeOf(vault.open(sealed, place))).toBe('storage');
  });

  test('does not open with another key', async () => {
    const sealed = await (await testVault()).seal(PLAIN, PLACE);
    expect(await codeOf((await testVault(1)).open(sealed, PLACE))).toBe('storage');
  });

  test('does not open when any of its bytes is another, or it was cut off', async () => {
    const vault = await testVault();
    const sealed = await vault.seal(PLAIN, PLACE);
    for (let at = 0; at < sealed.byteLength; at++) {
      const altered = flipped(new Uint8Array(sealed), at);
      const isVersion = at >= 4 && at < 8;
      expect(await codeOf(vault.open(altered.buffer, PLACE))).toBe(
        isVersion ? 'storage-version' : 'storage',
      );
      expect(await codeOf(vault.open(sealed.slice(0, at), PLACE))).toBe('storage');
    }
  });

  test('never has the nonce of another one under the same key', async () => {
    const vaults = [await testVault(), await testVault(), await testVault()];
    const seen = new Set<string>();
    for (const vault of vaults) {
      const sealed = await Promise.all(Array.from({ length: 500 }, () => vault.seal(PLAIN, PLACE)));
      for (const each of sealed) seen.add(new Uint8Array(each, 8, 28).join());
    }
    expect(seen.size).toBe(1500);
  });
});

test('a name is the same for the same id, and tells nothing without the key', async () => {
  const [vault, same, other] = [await testVault(), await testVault(), await testVault(1)];
  const name = await vault.nameOf('photo 1');
  expect(name).toMatch(/^[0-9a-f]{64}$/u);
  expect(await same.nameOf('photo 1')).toBe(name);
  expect(await vault.nameOf('photo 2')).not.toBe(name);
  expect(await other.nameOf('photo 1')).not.toBe(name);
});

test('a failure of WebCrypto is not remembered', async () => {
  const vault = await testVault();
  vi.spyOn(crypto.subtle, 'deriveKey').mockRejectedValueOnce(new Error('once'));
  await expect(vault.seal(PLAIN, PLACE)).rejects.toThrow('once');
  const sealed = await vault.seal(PLAIN, PLACE);

  const reader = await testVault();
  vi.spyOn(crypto.subtle, 'deriveKey').mockRejectedValueOnce(new Error('once'));
  await expect(reader.open(sealed, PLACE)).rejects.toThrow('once');
  expect(new Uint8Array(await reader.open(sealed, PLACE))).toEqual(PLAIN);

  vi.spyOn(crypto.subtle, 'deriveKey').mockRejectedValueOnce(new Error('once'));
  await expect(reader.nameOf('id')).rejects.toThrow('once');
  expect(await reader.nameOf('id')).toBe(await vault.nameOf('id'));
});

test('opens what hundreds of writers sealed', async () => {
  const plain = someBytes(4);
  const sealed: ArrayBuffer[] = [];
  for (let index = 0; index < 300; index++) {
    sealed.push(await (await testVault()).seal(plain, [index]));
  }
  const vault = await testVault();
  for (const round of [0, 1]) {
    for (const [index, each] of sealed.entries()) {
      expect(new Uint8Array(await vault.open(each, [index])), String(round)).toEqual(plain);
    }
  }
});
