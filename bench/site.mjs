/** The site that a bench runs on: the built pages, and folders served beside them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { byteRange } from './byte-range.mjs';
import { copyOrt } from '../scripts/copy-ort.mjs';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const CONFIG = path('vite.config.ts');

/** Folder with what `npm start` serves. */
export const PUBLIC = path('../public');

/** Folder of the built pages and their source maps. */
export const PAGES = path('../dist-bench');

/** @type {Mount} The built pages once more, without SharedArrayBuffer and so without threads. */
export const PLAIN_PAGES = { prefix: '/plain/', folder: PAGES, isolated: false };

/**
 * A folder under a URL. `replaced` gives the text of single files in place of what is there; with
 * `isolated: false` nothing makes its pages cross-origin isolated.
 * @typedef {{
 *   readonly prefix: string, readonly folder: string, readonly isolated?: false,
 *   readonly replaced?: Readonly<Record<string, string>>,
 * }} Mount
 */

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html',
  '.json': 'application/json',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

/** What an assets folder of the SDK holds, with another model as `mini`. @param {string} prefix @param {string} model */
export function assetsMounts(prefix, model) {
  return [
    { prefix: `${prefix}models/mini/`, folder: model },
    { prefix: `${prefix}ort/`, folder: join(PUBLIC, 'ort') },
  ];
}

/** Builds the pages and serves them, cross-origin isolated. @param {readonly Mount[]} mounts */
export async function openSite(mounts) {
  await copyOrt();
  await build({ configFile: CONFIG, logLevel: 'error' });
  const server = await preview({
    configFile: CONFIG,
    logLevel: 'silent',
    plugins: [serveMounts(mounts)],
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The server has no address.');
  let sent = 0;
  server.httpServer.on(
    'request',
    (/** @type {Request} */ { socket }, /** @type {Response} */ response) => {
      const before = socket.bytesWritten;
      response.on('close', () => (sent += socket.bytesWritten - before));
    },
  );
  return {
    /** Ends in `/`. */
    url,
    /** Bytes sent so far, headers included. */
    sent: () => sent,
    close: () => server.close(),
  };
}

/** @param {readonly Mount[]} mounts @returns {import('vite').Plugin} */
function serveMounts(mounts) {
  return {
    name: 'photoglot:bench-mounts',
    configurePreviewServer(server) {
      const headers = Object.entries(server.config.preview.headers);
      server.middlewares.use((request, response, next) => {
        const wanted = decodeURIComponent(new URL(request.url ?? '/', 'http://bench').pathname);
        const mount = mounts.find(({ prefix }) => wanted.startsWith(prefix));
        if (mount === undefined) return next();
        // ORT starts its threads from a script of ours: it needs the isolation headers too.
        if (mount.isolated !== false) {
          for (const [name, value] of headers) response.setHeader(name, String(value));
        }
        const name = wanted.slice(mount.prefix.length);
        const type = TYPES[extname(name)] ?? 'application/octet-stream';
        response.setHeader('content-type', type);
        const text = mount.replaced?.[name];
        if (text !== undefined) response.end(text);
        else void sendFile(mount.folder, name, request, response);
      });
    },
  };
}

/** @param {string} folder @param {string} name @param {Request} request @param {Response} response */
async function sendFile(folder, name, request, response) {
  const file = normalize(join(folder, name));
  const found = file.startsWith(normalize(folder + sep))
    ? await stat(file).catch(() => null)
    : null;
  if (found === null || !found.isFile()) {
    response.statusCode = 404;
    response.end();
    return;
  }
  // As a static host does: kept by the browser, and asked for again each time.
  const tag = `"${String(found.size)}-${String(found.mtimeMs)}"`;
  response.setHeader('etag', tag);
  response.setHeader('cache-control', 'no-cache');
  if (request.headers['if-none-match'] === tag) {
    response.statusCode = 304;
    response.end();
    return;
  }
  const range = byteRange(request.headers.range, found.size);
  if (range === 'beyond') {
    response.statusCode = 416;
    response.setHeader('content-range', `bytes */${found.size}`);
    response.end();
    return;
  }
  if (range === null) {
    response.setHeader('content-length', found.size);
    createReadStream(file).pipe(response);
    return;
  }
  const { start, end } = range;
  response.statusCode = 206;
  response.setHeader('content-range', `bytes ${start}-${end}/${found.size}`);
  response.setHeader('content-length', end - start + 1);
  createReadStream(file, range).pipe(response);
}
