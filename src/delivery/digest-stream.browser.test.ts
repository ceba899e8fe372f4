/** Streaming SHA-256 against the platform's, and its state across pages. */
import { describe, expect, test } from 'vitest';
import { seededBytes } from '../../scripts/seeded-bytes.mjs';
import { sha256OfBytes } from './chunk-digest';
import { DigestStream, sha256OfBlob } from './digest-stream';

const PIECE = 4 * 2 ** 20;

test.each([0, 1, 63, 64, 65, PIECE, PIECE + 1, 2 * PIECE + 77])(
  'of a Blob of %i bytes',
  async (size) => {
    const bytes = seededBytes(1, 0, size);
    const done: number[] = [];
    const digest = await sha256OfBlob(new Blob([bytes]), { onProgress: (so) => done.push(so) });
    expect(digest).toBe(await sha256OfBytes(bytes));
    expect(done.at(-1) ?? 0).toBe(size);
    expect(done).toHaveLength(Math.ceil(size / PIECE));
  },
);

test('is SHA-256', async () => {
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await sha256OfBlob(new Blob(['abc']))).toBe(digest);
});

test('of a Blob can be aborted', async () => {
  const controller = new AbortController();
  const blob = new Blob([new Uint8Array(3 * PIECE)]);
  const onProgress = (): void => {
    controller.abort();
  };
  await expect(sha256OfBlob(blob, { signal: controller.signal, onProgress })).rejects.toMatchObject(
    { code: 'aborted' },
  );
});

test('of a Blob that cannot be read is a failure of storage', async () => {
  const blob = new Blob(['abc']);
  blob.slice = () => {
    const piece = new Blob(['abc']);
    piece.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    return piece;
  };
  await expect(sha256OfBlob(blob)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/cannot be read any more.*Delete the model/) as string,
  });
});

describe('the state', () => {
  const bytes = seededBytes(2, 0, 1000);

  async function saved(end: number): Promise<Uint8Array<ArrayBuffer>> {
    const stream = await DigestStream.create();
    stream.update(bytes.subarray(0, end));
    return stream.save();
  }

  test.each([0, 1, 64, 100, 1000])('goes on behind %i bytes', async (end) => {
    const stream = await DigestStream.create();
    expect(await stream.load(await saved(end), end)).toBe(true);
    stream.update(bytes.subarray(end));
    expect(stream.hashed).toBe(1000);
    expect(stream.digest()).toBe(await sha256OfBytes(bytes));
  });

  test('of other bytes is refused, and so is any damage', async () => {
    const state = await saved(100);
    const stream = await DigestStream.create();
    expect(await stream.load(state, 101)).toBe(false);
    for (let index = 0; index < state.length; index++) {
      const damaged = state.slice();
      damaged[index] = (damaged[index] ?? 0) ^ 4;
      expect(await stream.load(damaged, 100)).toBe(false);
    }
    expect(await stream.load(state.slice(1), 100)).toBe(false);
    expect(await stream.load(new Uint8Array(), 0)).toBe(false);
    // Refused once, then taken.
    expect(await stream.load(state, 100)).toBe(true);
  });
});
