/** The first thing that a client reads: `manifest.json`, and its signature. */
import { fail } from './compare-digests.mjs';
import { Failure } from './failure.mjs';

/** @typedef {import('./verify.mjs').Finding} Finding */
/** @typedef {import('./model-checks.ts').ModelManifest} ModelManifest */

/**
 * `model` is null where there is none that a client would use.
 *
 * @param {import('./verify.mjs').Place} place
 * @param {import('./load-checks.mjs').Checks} checks
 * @param {string | null} publicKey
 * @returns {Promise<{
 *   model: ModelManifest | null, findings: Finding[], signature: 'right' | 'wrong' | 'not checked',
 * }>}
 */
export async function checkManifest(place, checks, publicKey) {
  const found = await place.read('manifest.json').catch(unreadable);
  if (found instanceof Failure) {
    return { model: null, findings: [fail('network', found.message)], signature: 'not checked' };
  }
  if (found === null) {
    const message =
      'There is no manifest.json. Is this the folder with it? "photoglot pack" completes one.';
    return { model: null, findings: [fail('manifest', message)], signature: 'not checked' };
  }
  const { bytes } = found;
  const findings = [...found.findings];
  const signature =
    publicKey === null
      ? 'not checked'
      : await checkSignature(place, checks, { bytes, publicKey, findings });
  try {
    const model = checks.parseManifest(parse(bytes));
    return { model, findings, signature };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    findings.push(fail('manifest', message));
    return { model: null, findings, signature };
  }
}

/**
 * @param {import('./verify.mjs').Place} place
 * @param {import('./load-checks.mjs').Checks} checks
 * @param {{ bytes: Uint8Array<ArrayBuffer>, publicKey: string, findings: Finding[] }} signed
 */
async function checkSignature(place, checks, { bytes, publicKey, findings }) {
  const found = await place.read('manifest.json.sig').catch(unreadable);
  const isThere = found !== null && !(found instanceof Failure);
  const signature = isThere ? new TextDecoder().decode(found.bytes) : null;
  try {
    await checks.requireManifestSignature(bytes, signature, publicKey);
    return 'right';
  } catch (error) {
    // A malformed key is a mistake in the call, and no finding about the model.
    if (!checks.isPhotoglotError(error) || error.code !== 'signature-invalid') throw error;
    findings.push(fail('signature', error.message));
    return 'wrong';
  }
}

/** @param {unknown} error @returns {Failure} */
function unreadable(error) {
  if (error instanceof Failure) return error;
  throw error;
}

/** @param {Uint8Array} bytes @returns {unknown} */
function parse(bytes) {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    const got = /^\s*</.test(text) ? 'an HTML page' : 'something else';
    throw new Error(
      `manifest.json is no JSON but ${got}. Is the model's folder served there? A server that ` +
        'answers with its start page for what is missing does this.',
      { cause: error },
    );
  }
}
