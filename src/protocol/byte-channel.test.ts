import { expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import { receiveBytes, sendBytes } from './byte-channel';

/** Pieces of one byte, and how many were made. */
function counted(count: number, failure?: Error) {
  const state = { made: 0, returned: false };
  async function* pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      for (; state.made < count;) {
        await Promise.resolve();
        yield Uint8Array.of(state.made++);
      }
      if (failure !== undefined) throw failure;
    } finally {
      state.returned = true;
    }
  }
  return { state, pieces: pieces() };
}

function channel() {
  const { port1, port2 } = new MessageChannel();
  return { port1, port2, close: () => port1.close() };
}

test('all pieces arrive in order, and the sender knows', async () => {
  const { port1, port2, close } = channel();
  const sent = sendBytes(port1, counted(5).pieces);
  const received: number[] = [];
  for await (const piece of receiveBytes(port2)) received.push(...piece);
  await sent;
  expect(received).toEqual([0, 1, 2, 3, 4]);
  close();
});

test('no piece is made before it is asked for', async () => {
  const { port1, port2, close } = channel();
  const { state, pieces } = counted(100);
  const sent = sendBytes(port1, pieces);
  const receiver = receiveBytes(port2);
  await receiver.next();
  await receiver.next();
  expect(state.made).toBe(2);
  await receiver.return(undefined);
  await sent;
  expect(state).toEqual({ made: 2, returned: true });
  close();
});

test('both sides fail with what the source fails with', async () => {
  const { port1, port2, close } = channel();
  const failure = new PhotoglotError('quota-exceeded', 'full');
  const sending = expect(sendBytes(port1, counted(1, failure).pieces)).rejects.toBe(failure);
  const receiver = receiveBytes(port2);
  expect((await receiver.next()).value).toEqual(Uint8Array.of(0));
  await expect(receiver.next()).rejects.toMatchObject({ code: 'quota-exceeded', message: 'full' });
  await sending;
  close();
});

test('a piece’s buffer moves', async () => {
  const { port1, port2, close } = channel();
  const piece = Uint8Array.of(1, 2, 3);
  async function* one(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    await Promise.resolve();
    yield piece;
  }
  const sent = sendBytes(port1, one());
  for await (const received of receiveBytes(port2)) expect([...received]).toEqual([1, 2, 3]);
  await sent;
  expect(piece.byteLength).toBe(0);
  close();
});
