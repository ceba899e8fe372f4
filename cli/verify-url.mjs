/** A model on a server. */
import { chunkSizeOf, compareDigests, fail, recognise } from './compare-digests.mjs';
import { Failure } from './failure.mjs';
import { FileDigester } from './file-digester.mjs';
import { advice, fileAdvice, manifestAdvice, transportAdvice } from './hosting-headers.mjs';
import { pageRequest } from './page-request.mjs';
import { readByRanges } from './ranged-read.mjs';

/** @typedef {import('./verify.mjs').Finding} Finding */
/** @typedef {import('./page-request.mjs').PageResponse} PageResponse */

/** What browsers offer, as far as Node can undo it. */
const AS_A_BROWSER = { 'accept-encoding': 'gzip, deflate, br' };

/**
 * @param {URL} address of the folder, or of its manifest
 * @param {{ origin: string, required: boolean }} page
 * @param {import('./load-checks.mjs').Checks} checks
 * @returns {import('./verify.mjs').Place}
 */
export function openUrl(address, page, { parseContentRange }) {
  const folder = folderOf(address);
  /** @type {string | null} */
  let refused = null;
  /** @param {PageResponse} answer */
  const notePermission = (answer) => (refused ??= answer.refused);
  return {
    where: folder.href,
    async read(name) {
      const url = new URL(name, folder);
      try {
        const answer = await pageRequest(url, { ...page, headers: AS_A_BROWSER });
        const { response } = answer;
        if (response.status === 404 || response.status === 410) return null;
        if (!response.ok) throw new Error(`it answers ${response.status}, expected 200`);
        notePermission(answer);
        const bytes = new Uint8Array(await response.arrayBuffer());
        return { bytes, findings: name === 'manifest.json' ? manifestAdvice(response, url) : [] };
      } catch (error) {
        throw new Failure(`${url.href} could not be read: ${reason(error)}.`, error);
      }
    },
    checkFile: (name, expected) =>
      checkFile({
        url: new URL(name, folder),
        expected,
        origin: page.origin,
        notePermission,
        parseContentRange,
      }),
    finish() {
      const pages = { origin: page.origin, readable: refused === null };
      const findings = transportAdvice(folder);
      if (refused !== null) findings.push(permission(refused, page));
      return { pages, findings };
    },
  };
}

/** @param {URL} address */
function folderOf({ href }) {
  const url = new URL(href);
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/manifest\.json$/, '/').replace(/([^/])$/, '$1/');
  return url;
}

/**
 * @param {{
 *   url: URL, expected: import('./model-checks.ts').ModelFile, origin: string,
 *   notePermission: (answer: PageResponse) => unknown,
 *   parseContentRange: import('./load-checks.mjs').Checks['parseContentRange'],
 * }} file
 */
async function checkFile({ url, expected, origin, notePermission, parseContentRange }) {
  const digester = new FileDigester(chunkSizeOf(expected));
  /** @type {Finding[]} */
  const findings = [];
  try {
    const whole = await pageRequest(url, { origin, headers: AS_A_BROWSER });
    const refusal = await headFault(whole.response);
    if (refusal !== null) return { bytes: 0, findings: [refusal] };
    notePermission(whole);
    findings.push(...fileAdvice(whole));
    const { size } = expected;
    const step = chunkSizeOf(expected);
    findings.push(
      ...(await readByRanges({ url, origin, size, step, digester, parseContentRange })),
    );
  } catch (error) {
    findings.push(fail('network', `It could not be read: ${reason(error)}.`));
  }
  const found = digester.finish();
  const isRead = !findings.some(({ level }) => level === 'fail');
  if (isRead) findings.push(...compareDigests(expected, found));
  return { bytes: found.size, findings };
}

/** The body is not read further than to recognise it. @param {Response} response @returns {Promise<Finding | null>} */
async function headFault(response) {
  const { status, ok, headers } = response;
  await response.body?.cancel();
  if (!ok) return fail('missing', `It answers ${status}, expected 200. Upload it.`);
  if (!/^\s*text\/html\b/i.test(headers.get('content-type') ?? '')) return null;
  const page = recognise(Buffer.from('<html'));
  return fail('content', `It is an HTML page. ${page?.advice ?? ''}`);
}

/** @param {string} refused @param {{ origin: string, required: boolean }} page @returns {Finding} */
function permission(refused, { origin, required }) {
  const message = required
    ? `A page on ${origin} may not read it: ${refused}. Send Access-Control-Allow-Origin.`
    : `Only pages of the same origin may read it: ${refused}. For pages elsewhere, also isolated ` +
      'ones, send "Access-Control-Allow-Origin: *".';
  return required ? fail('cors', message) : advice('cors', message);
}

/** `fetch` hides what happened in the cause. @param {unknown} error */
function reason(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
