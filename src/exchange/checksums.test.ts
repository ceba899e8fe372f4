import { expect, test } from 'vitest';
import { Checksums } from './checksums';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('CRC-32C is that of RFC 3720, little-endian, each time anew', async () => {
  const checksums = await Checksums.create();
  expect(hex(checksums.crc(text('12345'), text('6789')))).toBe('839206e3');
  expect(hex(checksums.crc(new Uint8Array(32)))).toBe('aa36918a');
});

test('SHA-256 is that of all that was added', async () => {
  const checksums = await Checksums.create();
  checksums.add(text('a'), text('b'));
  checksums.crc(text('other'));
  checksums.add(text('c'));
  expect(hex(checksums.sha256())).toMatch(/^ba7816bf8f01cfea/);
});
