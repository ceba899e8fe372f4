/** The package as it is built, served as it is, with the models and ONNX Runtime beside it. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

export interface PackageServer {
  /** Of a page without content, from which `dist/` and `public/` are beside it; ends in `/`. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPackageServer(): Promise<PackageServer> {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    if (pathname === '/') {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>An application</title>');
      return;
    }
    const file = normalize(join(ROOT, pathname));
    const isServed = ['dist', 'public'].some((folder) => file.startsWith(join(ROOT, folder) + sep));
    readFile(isServed ? file : '').then(
      (content) => {
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
        response.end(content);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://localhost:${String(address.port)}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
