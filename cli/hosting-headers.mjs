/** What the headers of an answer mean for browsers and CDNs, as advice. */

/** @typedef {import('./verify.mjs').Finding} Finding */
/** @typedef {import('./page-request.mjs').PageResponse} PageResponse */

/** Longer than this (s), and a new version of a model goes unnoticed for too long. */
const LONG_FOR_A_MANIFEST = 600;

/** Compression, ETag and exposed headers. @param {PageResponse} answer to a request for the whole file */
export function fileAdvice({ response: { headers }, crossOrigin }) {
  const findings = [];
  if (isCompressed(headers)) {
    const how = headers.get('content-encoding');
    const message =
      `It is compressed on the way (Content-Encoding: ${how}): that gains little for weights, ` +
      'hides the size, and often costs Range. Switch it off for model files.';
    findings.push(advice('compression', message));
  }
  const etag = headers.get('etag');
  if (etag === null || /^W\//.test(etag)) {
    const message =
      `${etag === null ? 'No' : 'Only a weak'} ETag: where chunks have no digests, a download ` +
      'that was interrupted cannot tell whether the file is still the same. Send a strong one.';
    findings.push(advice('etag', message));
  }
  if (crossOrigin) findings.push(...exposureAdvice(headers));
  return findings;
}

/** @param {Response} response with the manifest @param {URL} url */
export function manifestAdvice({ headers }, url) {
  const caching = headers.get('cache-control') ?? '';
  const age = Number(/max-age\s*=\s*"?(\d+)/i.exec(caching)?.[1] ?? 0);
  const isLong = age > LONG_FOR_A_MANIFEST || /\bimmutable\b/i.test(caching);
  // The address of a commit never changes its content.
  if (!isLong || /\/[0-9a-f]{40}\//.test(url.pathname)) return [];
  const message =
    `manifest.json is cached for long (Cache-Control: ${caching}). That is right where the ` +
    'address holds the version; else send "no-cache", or new versions go unnoticed.';
  return [advice('caching', message)];
}

/** @param {URL} url */
export function transportAdvice(url) {
  if (url.protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    return [];
  }
  const message = 'It is served over http: pages on https, which the SDK needs, may not read it.';
  return [advice('transport', message)];
}

/** @param {Headers} headers */
export function isCompressed(headers) {
  return (headers.get('content-encoding') ?? 'identity') !== 'identity';
}

/** Content-Length needs no exposure. @param {Headers} headers */
function exposureAdvice(headers) {
  const exposed = (headers.get('access-control-expose-headers') ?? '').toLowerCase();
  const names = exposed.split(',').map((name) => name.trim());
  const hidden = ['Content-Range', 'ETag'].filter((name) => !names.includes(name.toLowerCase()));
  if (hidden.length === 0 || names.includes('*')) return [];
  const message =
    `Pages of other origins cannot see ${hidden.join(' and ')}: a wrong range or a changed file ` +
    `is noticed later. Send "Access-Control-Expose-Headers: Content-Range, ETag".`;
  return [advice('exposed-headers', message)];
}

/** @param {string} check @param {string} message @returns {Finding} */
export function advice(check, message) {
  return { level: 'advice', check, message };
}
