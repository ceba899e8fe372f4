/** A static host for tests of `photoglot verify`: good, or bad in one way for files of some name. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** What is wrong; `elsewhere` redirects to the same path on another host. */
export type Fault =
  | 'no-range'
  | 'wrong-range'
  | 'start-page'
  | 'wrong-byte'
  | 'truncated'
  | 'compressed'
  | 'broken'
  | 'elsewhere';

export interface HostOptions {
  readonly folder: string;
  /** By name of the file. */
  readonly faults?: Readonly<Record<string, Fault>>;
  /** For all answers. @default those of a good host */
  readonly headers?: Readonly<Record<string, string>>;
  /** Base of the redirects. */
  readonly elsewhere?: string;
}

export const GOOD_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Content-Range, ETag',
  'cache-control': 'no-cache',
  etag: '"strong"',
};

/** Serves until the test has ended. Resolves to the URL, ending in `/`. */
export async function host(options: HostOptions): Promise<string> {
  const server = createServer((request, response) => {
    void answer(request, response, options).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function answer(
  { url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  { folder, faults = {}, elsewhere = '', headers: own = GOOD_HEADERS }: HostOptions,
): Promise<void> {
  const name = decodeURIComponent(url.slice(1));
  const fault = faults[name];
  for (const [header, value] of Object.entries(own)) response.setHeader(header, value);
  const path = join(folder, name);
  const found = await stat(path).catch(() => null);
  if (fault === 'start-page') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>App</title>');
  } else if (found === null) {
    response.writeHead(404).end();
  } else if (fault === 'elsewhere') {
    response.writeHead(302, { location: new URL(name, elsewhere).href }).end();
  } else if (fault === 'compressed') {
    response.setHeader('content-encoding', 'gzip');
    createReadStream(path).pipe(createGzip()).pipe(response);
  } else {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    const bytes = damaged(await readFile(path), fault);
    if (first === undefined || fault === 'no-range') response.end(bytes);
    else sendRange(response, bytes, { start: Number(first), end: Number(last) + 1, fault });
  }
}

function damaged(bytes: Buffer, fault: Fault | undefined): Buffer {
  if (fault === 'truncated') return bytes.subarray(0, -1);
  if (fault === 'wrong-byte')
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes;
}

function sendRange(
  response: ServerResponse,
  bytes: Buffer,
  asked: { start: number; end: number; fault: Fault | undefined },
): void {
  const start = asked.fault === 'wrong-range' ? asked.start + 1 : asked.start;
  const body = bytes.subarray(start, asked.end);
  const range = `bytes ${start}-${start + body.length - 1}/${bytes.length}`;
  response.writeHead(206, { 'content-range': range, 'content-length': body.length });
  if (asked.fault !== 'broken') response.end(body);
  else response.write(body.subarray(0, body.length / 2), () => response.destroy());
}
