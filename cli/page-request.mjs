/**
 * A request as a page makes it, with `fetch` in CORS mode. Redirects are followed by hand: a browser
 * asks every host on the way for its permission, and after a redirect between other hosts
 * the page's origin is "null".
 */

/** A host that does not begin to answer in this time (ms) is taken for dead. */
const PATIENCE_MS = 60_000;
const MOST_REDIRECTS = 10;

/**
 * `refused` says why a browser would not show the answer to the page; null when it would.
 * @typedef {{
 *   readonly response: Response, readonly refused: string | null, readonly crossOrigin: boolean,
 * }} PageResponse
 */

/**
 * @param {URL} address
 * @param {{ origin: string, headers?: Record<string, string>, method?: string }} options
 * @returns {Promise<PageResponse>}
 */
export async function pageRequest(address, { origin, headers = {}, method = 'GET' }) {
  let url = address;
  let sender = origin;
  let refused = null;
  let crossOrigin = false;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    crossOrigin ||= url.origin !== origin;
    const sent = crossOrigin ? { ...headers, origin: sender } : headers;
    const response = await withPatience((signal) =>
      fetch(url, { method, headers: sent, redirect: 'manual', signal }),
    );
    if (crossOrigin) refused ??= refusal(response, sender, url.host);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) {
      return { response, refused, crossOrigin };
    }
    await response.body?.cancel();
    const next = new URL(location, url);
    if (next.origin !== url.origin && url.origin !== origin) sender = 'null';
    url = next;
  }
  throw new Error(`${address.href} is redirected more than ${String(MOST_REDIRECTS)} times`);
}

/** @param {Response} response @param {string} sender @param {string} host */
function refusal({ headers }, sender, host) {
  const allowed = headers.get('access-control-allow-origin');
  if (allowed === '*' || allowed === sender) return null;
  const got = allowed === null ? 'no Access-Control-Allow-Origin' : `"${allowed}"`;
  return `${host} answers with ${got}, expected "*" or "${sender}"`;
}

/** For the head of the answer; its body may take as long as it likes. @param {(signal: AbortSignal) => Promise<Response>} request */
async function withPatience(request) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
  try {
    return await request(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new Error(`no answer within ${String(PATIENCE_MS / 1000)} s`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
