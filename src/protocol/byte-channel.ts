/**
 * Bytes from one thread to another, piece by piece and only as fast as they are taken: the receiver asks
 * for each piece. (Streams themselves cannot be sent in every browser.) Neither side notices the death of
 * the other: a call beside the channel has to.
 */
import { decodeError, encodeError, type EncodedError } from './error-codec';

type ToSender = 'next' | 'stop';
type ToReceiver =
  | { readonly kind: 'piece'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly error: EncodedError };

/**
 * Sends `pieces`, whose buffers move, and resolves when the receiver has all of them or wants no more.
 * Rejects with what `pieces` throws, and so does the receiver.
 */
export async function sendBytes(
  port: MessagePort,
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const requests = new Mailbox<ToSender>(port);
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    while ((await requests.next()) === 'next') {
      const next = await iterator.next();
      if (next.done === true) {
        post(port, { kind: 'end' });
        return;
      }
      post(port, { kind: 'piece', bytes: next.value }, [next.value.buffer]);
    }
    await iterator.return?.();
  } catch (thrown) {
    post(port, { kind: 'failed', error: encodeError(thrown) });
    throw thrown;
  }
}

/** What the other side sends. Leaving the loop early stops it. */
export async function* receiveBytes(port: MessagePort): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const replies = new Mailbox<ToReceiver>(port);
  try {
    for (;;) {
      port.postMessage('next' satisfies ToSender);
      const reply = await replies.next();
      if (reply.kind === 'end') return;
      if (reply.kind === 'failed') throw decodeError(reply.error);
      yield reply.bytes;
    }
  } finally {
    port.postMessage('stop' satisfies ToSender);
  }
}

function post(port: MessagePort, message: ToReceiver, transfer: Transferable[] = []): void {
  port.postMessage(message, transfer);
}

/** Messages of a port, one at a time. */
class Mailbox<Message> {
  readonly #waiting: Message[] = [];
  #deliver: ((message: Message) => void) | null = null;

  constructor(port: MessagePort) {
    port.onmessage = ({ data }: MessageEvent<Message>) => {
      if (this.#deliver === null) this.#waiting.push(data);
      else this.#deliver(data);
      this.#deliver = null;
    };
  }

  next(): Promise<Message> {
    const [message] = this.#waiting.splice(0, 1);
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => {
      this.#deliver = resolve;
    });
  }
}
