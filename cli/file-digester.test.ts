import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FileDigester } from './file-digester.mjs';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test.each([0, 1, 9, 10, 11, 20, 29, 30])('chunks of 10 in a file of %i bytes', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => index);
  const starts = Array.from({ length: Math.ceil(length / 10) }, (_, index) => index * 10);
  const expected = starts.map((start) => sha256(bytes.subarray(start, start + 10)));
  // However the bytes come in.
  for (const step of [1, 3, 10, 64]) {
    const digester = new FileDigester(10);
    for (let at = 0; at < length; at += step) digester.update(bytes.subarray(at, at + step));
    const { size, sha256: whole, chunks, head } = digester.finish();
    expect([size, whole, chunks]).toEqual([length, sha256(bytes), expected]);
    expect(new Uint8Array(head)).toEqual(bytes);
  }
});
