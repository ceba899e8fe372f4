/** Reads a file range by range, as clients do, or as a whole where the server knows no ranges. */
import { fail } from './compare-digests.mjs';
import { advice, isCompressed } from './hosting-headers.mjs';
import { pageRequest } from './page-request.mjs';

/** @typedef {import('./verify.mjs').Finding} Finding */
/** @typedef {import('./load-checks.mjs').Checks['parseContentRange']} ParseContentRange */

/**
 * Feeds the digester. Resolves to what is to be said about ranges; with a `fail` among it the
 * file has not been read to its end.
 *
 * @param {{
 *   url: URL, origin: string, size: number | undefined, step: number,
 *   digester: import('./file-digester.mjs').FileDigester,
 *   parseContentRange: ParseContentRange,
 * }} file `size` in bytes, undefined until the server tells; `step` is the length of a range
 * @returns {Promise<Finding[]>}
 */
export async function readByRanges({ url, origin, size, step, digester, parseContentRange }) {
  let total = size;
  for (let start = 0; total === undefined || start < total; start += step) {
    const end = Math.min(start + step, total ?? Infinity);
    const headers = { range: `bytes=${start}-${end - 1}`, 'accept-encoding': 'identity' };
    const { response } = await pageRequest(url, { origin, headers });
    if (response.status === 200) return readWhole(response, start, digester);
    const range = complete(parseContentRange(response.headers.get('content-range')), size);
    const fault = rangeFault(response, range, { start, end, size });
    if (range === null || fault !== null) {
      await response.body?.cancel();
      return [fail('range', fault ?? '')];
    }
    total ??= range.total;
    const count = await feed(response, digester);
    if (count !== range.end - range.start) {
      const expected = range.end - range.start;
      return [fail('range', `A range has ${count} bytes, its Content-Range says ${expected}.`)];
    }
  }
  return [];
}

/** @param {Response} response @param {number} start @param {import('./file-digester.mjs').FileDigester} digester */
async function readWhole(response, start, digester) {
  if (start > 0) {
    await response.body?.cancel();
    return [fail('range', 'Some ranges are answered with status 206, and others with 200.')];
  }
  await feed(response, digester);
  const message =
    'The server knows no ranges (status 200 instead of 206): an interrupted download begins ' +
    'again. Switch on Range requests.';
  return [advice('range', message)];
}

/** @param {Response} response @param {import('./file-digester.mjs').FileDigester} digester */
async function feed({ body }, digester) {
  let count = 0;
  if (body === null) return count;
  for await (const bytes of /** @type {AsyncIterable<Uint8Array>} */ (
    /** @type {unknown} */ (body)
  )) {
    digester.update(bytes);
    count += bytes.length;
  }
  return count;
}

/**
 * Null for what does not tell which bytes these are; a server may leave open how many there are.
 * @param {ReturnType<ParseContentRange>} range @param {number | undefined} size
 */
function complete(range, size) {
  const { start = null, end = null, total = null } = range ?? {};
  const known = total ?? size;
  return start === null || end === null || known === undefined
    ? null
    : { start, end, total: known };
}

/**
 * @param {Response} response
 * @param {{ start: number, end: number, total: number } | null} range `end` is behind the last byte
 * @param {{ start: number, end: number, size: number | undefined }} asked
 */
function rangeFault({ status, headers }, range, { start, end, size }) {
  const asked = `bytes ${start}-${end - 1}`;
  if (status !== 206) return `Asked for ${asked}, it answers ${status}, expected 206.`;
  if (isCompressed(headers)) {
    return 'Ranges are of the compressed file. Switch off compression for model files.';
  }
  if (range === null) {
    const got = headers.get('content-range') ?? 'none';
    return `Asked for ${asked}, its Content-Range is ${got}, expected ${asked}/<size>.`;
  }
  if (size !== undefined && range.total !== size) {
    return `It has ${range.total} bytes, expected ${size}. Upload it again.`;
  }
  if (range.start === start && range.end === Math.min(end, range.total)) return null;
  return `Asked for ${asked}, it sends bytes ${range.start}-${range.end - 1}.`;
}
