import { expect, test } from 'vitest';
import { pieceReader, type PieceReader } from './piece-reader';

async function allOf(read: PieceReader): Promise<number[]> {
  const all: number[] = [];
  for (let piece = await read(); piece !== null; piece = await read()) all.push(...piece);
  return all;
}

const PIECES = [Uint8Array.of(1, 2, 3), Uint8Array.of(4), Uint8Array.of(5, 6)];

test.each<['bytes' | undefined]>([['bytes'], [undefined]])(
  'brings all bytes of a stream of type %s',
  async (type) => {
    const start = (controller: {
      enqueue(piece: Uint8Array<ArrayBuffer>): void;
      close(): void;
    }): void => {
      for (const piece of PIECES) controller.enqueue(piece.slice());
      controller.close();
    };
    const body =
      type === undefined
        ? new ReadableStream<Uint8Array<ArrayBuffer>>({ start })
        : new ReadableStream({ type, start });
    expect(await allOf(pieceReader(body))).toEqual([1, 2, 3, 4, 5, 6]);
  },
);

test('uses its memory again', async () => {
  const body = new ReadableStream({
    type: 'bytes',
    pull: (controller) => {
      controller.enqueue(Uint8Array.of(7));
    },
  });
  const read = pieceReader(body);
  const first = await read();
  await read();
  // It was handed back, which leaves the old view without bytes.
  expect(first?.length).toBe(0);
});

test('brings nothing of no body', async () => {
  expect(await pieceReader(null)()).toBeNull();
});
