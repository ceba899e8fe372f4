/**
 * One origin with the built page, ONNX Runtime and all scenarios, as an application that hosts its
 * own models would have, and a second one with the scenarios alone, for mirrors. What they share is
 * in this process, so that the driver can wait for what the server sees.
 */
import { createReadStream } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { copyOrt } from '../../scripts/copy-ort.mjs';
import { createFaultServer, faultHandler } from '../../scripts/fault-server.mjs';
import { PUBLIC } from '../site.mjs';

/** @typedef {import('../../scripts/fault-scenarios.mjs').FaultScenario} FaultScenario */
/** @typedef {ReturnType<typeof faultHandler>} Handler */

const CONFIG = fileURLToPath(new URL('../vite.config.ts', import.meta.url));

const ISOLATION_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

export async function openFaultSite() {
  await copyOrt();
  const pages = await buildPages();
  /** @type {Map<string, FaultScenario>} */
  const scenarios = new Map();
  const open = new OpenAnswers();
  const faults = open.watching(faultHandler(scenarios));
  const site = await createFaultServer({
    headers: ISOLATION_HEADERS,
    handler: (request, response, next) => {
      faults(request, response, () => servePage(pages, request, response, next));
    },
  });
  const other = await createFaultServer({ handler: faults });
  return {
    /** Without a slash at their ends. */
    url: site.url,
    otherUrl: other.url,
    scenarios,
    /** Answers of a scenario that have not ended, in whatever way. @param {string} id */
    openAnswers: (id) => open.count(id),
    close: () => Promise.all([site.close(), other.close()]),
  };
}

/** @typedef {Awaited<ReturnType<typeof openFaultSite>>} FaultSite */

/** Kept in memory: other benches build into the same folder. @returns {Promise<Map<string, string | Uint8Array>>} by path */
async function buildPages() {
  const built = await build({ configFile: CONFIG, logLevel: 'error', build: { write: false } });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) =>
    'output' in each ? each.output : [],
  );
  return new Map(
    outputs.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
}

/** @type {(pages: Map<string, string | Uint8Array>, ...args: Parameters<Handler>) => void} */
function servePage(pages, request, response, next) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  response.setHeader('content-type', TYPES[extname(pathname)] ?? 'application/octet-stream');
  const page = pages.get(pathname);
  if (page !== undefined) response.end(page);
  else if (/^\/ort\/[\w.-]+$/.test(pathname)) {
    createReadStream(join(PUBLIC, pathname)).on('error', next).pipe(response);
  } else next();
}

/** Counts the answers that are under way, by scenario. */
class OpenAnswers {
  /** @type {Map<string, number>} */
  #counts = new Map();

  /** @param {string} id */
  count(id) {
    return this.#counts.get(id) ?? 0;
  }

  /** @param {Handler} handler @returns {Handler} */
  watching(handler) {
    return (request, response, next) => {
      const id = /^\/faults\/([^/?]+)/.exec(request.url ?? '')?.[1];
      if (id !== undefined) {
        this.#counts.set(id, this.count(id) + 1);
        response.once('close', () => this.#counts.set(id, this.count(id) - 1));
      }
      handler(request, response, next);
    };
  }
}
