/** Whether a file's bytes are those that its manifest describes. */

/** @typedef {import('./verify.mjs').Finding} Finding */
/** @typedef {import('./model-checks.ts').ModelFile} ModelFile */
/** @typedef {import('./file-digester.mjs').Digests} Digests */

/** Where a manifest has no chunks, any size will do to read in. Bytes. */
const ANY_CHUNK = 8 * 2 ** 20;

/** The size in which digests have to be computed to be compared. @param {ModelFile} expected */
export function chunkSizeOf({ chunks }) {
  return chunks?.size ?? ANY_CHUNK;
}

/** @param {ModelFile} expected @param {Digests} found @returns {Finding[]} */
export function compareDigests(expected, found) {
  const other = recognise(found.head);
  const whole = differs(expected, found);
  if (whole === null) return undescribed(expected);
  if (other !== null) return [fail('content', `It is ${other.what}. ${other.advice}`)];
  const chunk = expected.chunks?.sha256.findIndex((digest, at) => digest !== found.chunks[at]);
  const start = (chunk ?? 0) * chunkSizeOf(expected);
  const where =
    chunk === undefined || chunk < 0
      ? ''
      : ` The first difference is in chunk ${String(chunk + 1)}, from byte ${String(start)} on.`;
  return [fail('digest', `${whole}${where} Upload it again, or run "photoglot pack" again.`)];
}

/** @param {ModelFile} expected @param {Digests} found */
function differs({ size, sha256, chunks }, found) {
  if (size !== undefined && size !== found.size) {
    return `It has ${String(found.size)} bytes, expected ${String(size)}.`;
  }
  if (sha256 !== undefined && sha256 !== found.sha256) {
    return `It has SHA-256 ${found.sha256}, expected ${sha256}.`;
  }
  const wrong = chunks?.sha256.some((digest, at) => digest !== found.chunks[at]) === true;
  // The file is right and a chunk is not: the manifest contradicts itself.
  return wrong ? 'Its bytes are not what the digests of its chunks say.' : null;
}

/** @param {ModelFile} expected @returns {Finding[]} */
function undescribed({ sha256 }) {
  if (sha256 !== undefined) return [];
  const message =
    'The manifest has no SHA-256, so clients refuse the file unless they pass integrity: ' +
    '"first-use". Run "photoglot pack".';
  return [{ level: 'advice', check: 'digest', message }];
}

/** What is often served or stored in place of a file. @param {Buffer} head */
export function recognise(head) {
  const text = head.toString('latin1').trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) {
    const advice = 'A server that answers with its start page for what is missing does this.';
    return { what: 'an HTML page', advice };
  }
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return { what: 'a Git LFS pointer, not the file itself', advice: 'Run "git lfs pull".' };
  }
  return null;
}

/** @param {string} check @param {string} message @returns {Finding} */
export function fail(check, message) {
  return { level: 'fail', check, message };
}
