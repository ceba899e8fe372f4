import { describe, expect, test, vi } from 'vitest';
import { openBlob, sealBlob } from './sealed-blob';
import { codeOf, flipped, someBytes, testVault } from './test-workers/test-vault';

const MIB = 2 ** 20;
const PLACE = ['originals', 'photos', 'name'];

describe('a sealed picture', () => {
  test.each([0, 1, 30_000, MIB - 1, MIB, MIB + 1, 3 * MIB])('of %i bytes opens', async (size) => {
    const vault = await testVault();
    const bytes = someBytes(size);
    const sealed = await sealBlob(vault, new Blob([bytes], { type: 'image/webp' }), PLACE);
    expect(sealed.type).toBe('');
    const opened = await openBlob(await testVault(), sealed, PLACE);
    expect(opened.type).toBe('image/webp');
    expect(opened instanceof File).toBe(false);
    expect(Buffer.compare(Buffer.from(await opened.arrayBuffer()), bytes)).toBe(0);
  });

  test('that was a file is one again', async () => {
    const vault = await testVault();
    const file = new File(['x'], 'Ä 犬.jpg', { type: 'image/jpeg', lastModified: 12_345 });
    const opened = await openBlob(vault, await sealBlob(vault, file, PLACE), PLACE);
    if (!(opened instanceof File)) throw new Error('no file');
    expect([opened.name, opened.type, opened.lastModified, await opened.text()]).toEqual([
      file.name,
      file.type,
      12_345,
      'x',
    ]);
  });

  test('does not open elsewhere, altered, cut off, or longer', async () => {
    const vault = await testVault();
    const sealed = await sealBlob(vault, new Blob([someBytes(50)]), PLACE);
    expect(await codeOf(openBlob(vault, sealed, ['thumbnails', ...PLACE.slice(1)]))).toBe(
      'storage',
    );
    const bytes = new Uint8Array(await sealed.arrayBuffer());
    for (let at = 0; at < bytes.length; at++) {
      const altered = new Blob([flipped(bytes, at)]);
      expect(await codeOf(openBlob(vault, altered, PLACE))).toMatch(/^storage/u);
      expect(await codeOf(openBlob(vault, sealed.slice(0, at), PLACE))).toBe('storage');
    }
    expect(await codeOf(openBlob(vault, new Blob([sealed, 'x']), PLACE))).toBe('storage');
  });

  test('does not open with pieces moved, left out, or of another of the same place', async () => {
    const vault = await testVault();
    const [one, other] = await Promise.all(
      [1, 2].map(async (seed) => sealBlob(vault, new Blob([someBytes(3 * MIB, seed)]), PLACE)),
    );
    if (one === undefined || other === undefined) throw new Error('no pictures');
    const piece = MIB + 52;
    const start = one.size - 3 * piece;
    const pieceOf = (blob: Blob, index: number): Blob =>
      blob.slice(start + index * piece, start + (index + 1) * piece);
    const joined = (...pieces: Blob[]): Blob => new Blob([one.slice(0, start), ...pieces]);
    const all = [0, 1, 2].map((index) => pieceOf(one, index));
    const [first, second, third] = all as [Blob, Blob, Blob];
    expect(await codeOf(openBlob(vault, joined(...all), PLACE))).toBe('resolved');
    for (const wrong of [
      joined(second, first, third),
      joined(first, second),
      joined(first, third),
      joined(first, second, second),
      joined(first, second, pieceOf(other, 2)),
    ]) {
      expect(await codeOf(openBlob(vault, wrong, PLACE))).toBe('storage');
    }
  });

  test('is never in memory as a whole', async () => {
    const vault = await testVault();
    const encrypt = vi.spyOn(crypto.subtle, 'encrypt');
    await sealBlob(vault, new Blob([someBytes(3 * MIB)]), PLACE);
    const lengths = encrypt.mock.calls.map(([, , data]) => data.byteLength);
    expect(Math.max(...lengths)).toBe(MIB);
    expect(lengths).toHaveLength(4);
  });
});
