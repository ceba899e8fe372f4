/**
 * A web server that misbehaves on command, for tests of downloads.
 *
 *   POST   /faults/<id>         sets a scenario (see fault-types.d.mts), as JSON
 *   PATCH  /faults/<id>         changes it: files and options are added, rules replaced
 *   GET    /faults/<id>/<name>  serves a file of it
 *   GET    /faults/<id>?log     all requests for its files, in order
 *   DELETE /faults/<id>         forgets it
 *
 * It is middleware of the test server, and a server of its own where another origin is wanted.
 */
import { createServer } from 'node:http';
import { contentOf, sendBody } from './fault-body.mjs';
import { FaultScenario } from './fault-scenarios.mjs';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {import('./fault-types.mjs').LoggedRequest} LoggedRequest */

/**
 * Handlers with the same scenarios may serve on several origins.
 * @param {Map<string, FaultScenario>} [scenarios]
 * @returns {(request: Request, response: Response, next: () => void) => void}
 */
export function faultHandler(scenarios = new Map()) {
  return (request, response, next) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const [, id, name] = /^\/faults\/([^/]+)(?:\/(.+))?$/.exec(pathname) ?? [];
    if (id === undefined) return next();
    const work =
      name === undefined
        ? control(scenarios, id, search, request, response)
        : serve(scenarios.get(id), decodeURIComponent(name), request, response);
    work.catch((error) => {
      console.error(error);
      response.destroy();
    });
  };
}

/**
 * The handler on a port of its own.
 * @param {{
 *   headers?: Record<string, string>,
 *   handler?: ReturnType<typeof faultHandler>,
 *   port?: number,
 * }} [options] headers of all answers (COOP, COEP, …); a handler to share; a port, by default any
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` without a slash at its end
 */
export async function createFaultServer({ headers = {}, handler = faultHandler(), port = 0 } = {}) {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    handler(request, response, () => response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Stalled answers would keep it open for ever.
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {Map<string, FaultScenario>} scenarios
 * @param {string} id
 * @param {string} search
 * @param {Request} request
 * @param {Response} response
 */
async function control(scenarios, id, search, request, response) {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-methods', '*');
  response.setHeader('cache-control', 'no-store');
  const scenario = scenarios.get(id);
  /** @type {unknown} */
  let answer = {};
  if (request.method === 'POST') scenarios.set(id, new FaultScenario(await json(request)));
  else if (request.method === 'PATCH') scenario?.change(await json(request));
  else if (request.method === 'DELETE') scenarios.delete(id);
  else if (search === '?log') answer = scenario?.log ?? [];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answer));
}

/** @param {Request} request */
async function json(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}

/**
 * @param {FaultScenario | undefined} scenario
 * @param {string} name
 * @param {Request} request
 * @param {Response} response
 */
async function serve(scenario, name, request, response) {
  const { gzip = false, cors = true, expose, range: ranges = true } = scenario?.options ?? {};
  if (scenario?.options.keepAlive === false) response.setHeader('connection', 'close');
  if (cors) response.setHeader('access-control-allow-origin', '*');
  if (expose !== undefined) response.setHeader('access-control-expose-headers', expose);
  response.setHeader('cross-origin-resource-policy', 'cross-origin');
  const file = scenario?.files[name];
  const entry = logged(scenario, name, request);
  if (scenario === undefined || file === undefined || request.method === 'OPTIONS') {
    // Preflights are refused, as static hosts do.
    entry.status = request.method === 'OPTIONS' ? 405 : 404;
    response.writeHead(entry.status).end();
    return;
  }
  const content = await contentOf(file, gzip);
  const asked = ranges ? askedRange(request, content.size, scenario.options) : null;
  const { start, end } = asked ?? { start: 0, end: content.size };
  const rule = scenario.take(name, start, end);
  entry.fault = rule?.kind ?? null;
  const isWhole = asked === null || rule?.kind === 'whole';
  const sent = isWhole ? { start: 0, end: content.size } : { start, end };
  entry.status = statusOf(rule, isWhole, sent);
  writeHead(response, entry.status, sent, content.size, scenario, rule);
  if (entry.status === 416 || rule?.kind === 'status' || request.method === 'HEAD') {
    response.end();
  } else if (rule?.kind === 'html') {
    response.end('<!doctype html><title>A start page</title>');
  } else {
    const onSent = (/** @type {number} */ bytes) => void (entry.bytes += bytes);
    await sendBody(response, { content, ...sent, rule, onSent });
  }
}

/**
 * @param {FaultScenario | undefined} scenario
 * @param {string} file
 * @param {Request} request
 * @returns {LoggedRequest}
 */
function logged(scenario, file, { method = '', headers }) {
  const entry = {
    file,
    method,
    range: headers.range ?? null,
    ifRange: /** @type {string | undefined} */ (headers['if-range']) ?? null,
    cookie: headers.cookie ?? null,
    status: 0,
    fault: null,
    bytes: 0,
  };
  scenario?.log.push(entry);
  return entry;
}

/**
 * The range that is asked for, of one part; null for the whole file.
 * @param {Request} request
 * @param {number} size
 * @param {import('./fault-types.mjs').FaultOptions} options
 */
function askedRange({ headers }, size, { etag = '"v1"', ifRange: isHonoured = true }) {
  const match = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  if (match === null) return null;
  const ifRange = headers['if-range'];
  if (isHonoured && ifRange !== undefined && ifRange !== etag) return null;
  return { start: Number(match[1]), end: match[2] ? Math.min(Number(match[2]) + 1, size) : size };
}

/**
 * @param {import('./fault-types.mjs').FaultRule | null} rule
 * @param {boolean} isWhole
 * @param {{ start: number, end: number }} sent
 */
function statusOf(rule, isWhole, { start, end }) {
  if (rule?.kind === 'status') return rule.status ?? 500;
  if (rule?.kind === 'html' || isWhole) return 200;
  return start < end ? 206 : 416;
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {{ start: number, end: number }} sent
 * @param {number} size
 * @param {FaultScenario} scenario
 * @param {import('./fault-types.mjs').FaultRule | null} rule
 */
function writeHead(response, status, { start, end }, size, { options }, rule) {
  const { etag = '"v1"', contentLength = true, contentRange = true, totalLength = true } = options;
  const { gzip = false, type = 'application/octet-stream', lastModified = null } = options;
  const total = totalLength ? size : '*';
  const isFile = status === 200 || status === 206;
  response.setHeader('content-type', rule?.kind === 'html' ? 'text/html' : type);
  if (rule?.retryAfter !== undefined) response.setHeader('retry-after', rule.retryAfter);
  if (status === 416 && contentRange) response.setHeader('content-range', `bytes */${total}`);
  if (isFile && rule?.kind !== 'html') {
    if (etag !== null) response.setHeader('etag', etag);
    if (lastModified !== null) response.setHeader('last-modified', lastModified);
    if (gzip) response.setHeader('content-encoding', 'gzip');
    const isHonest = rule?.kind !== 'truncate' && rule?.kind !== 'oversize';
    if (contentLength && isHonest) response.setHeader('content-length', end - start);
    if (status === 206 && contentRange) {
      response.setHeader('content-range', `bytes ${start}-${end - 1}/${total}`);
    }
  }
  response.writeHead(status);
}
