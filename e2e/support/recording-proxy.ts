/**
 * A proxy that writes down every request that reaches the network, whoever made it: page, worker
 * or service worker. Requests that tests watch in the browser leave out what they do not know of;
 * this cannot.
 */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingProxy {
  readonly url: string;
  /** Addresses asked for so far, in order; of encrypted ones, host and port. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

export async function startRecordingProxy(): Promise<RecordingProxy> {
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    requests.push(incoming.url ?? '');
    forward(incoming, outgoing);
  });
  server.on('connect', (incoming, socket) => {
    requests.push(incoming.url ?? '');
    // Encrypted, so it can only be somebody else's: nothing here is served that way.
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const onward = request(incoming.url ?? '', { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => {
    outgoing.writeHead(502).end();
  });
  incoming.pipe(onward);
}
