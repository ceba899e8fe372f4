/** `photoglot verify`: looks at a model as a client would, and says what a host should change. */
import { existsSync } from 'node:fs';
import { UsageError } from './failure.mjs';
import { loadChecks } from './load-checks.mjs';
import { openFolder } from './verify-folder.mjs';
import { openUrl } from './verify-url.mjs';
import { checkManifest } from './verify-manifest.mjs';
import { printReport } from './verify-report.mjs';

/**
 * `fail`: clients refuse it; `advice`: it works, but could be better.
 * @typedef {{ readonly level: 'fail' | 'advice', readonly check: string, readonly message: string }} Finding
 */

/** @typedef {import('./model-checks.ts').ModelFile} ModelFile */

/**
 * A place where a model lies. `read` gives a small file, null where there is none.
 * @typedef {{
 *   readonly where: string,
 *   readonly read: (name: string) => Promise<{ bytes: Uint8Array<ArrayBuffer>, findings: Finding[] } | null>,
 *   readonly checkFile: (name: string, expected: ModelFile) => Promise<{ bytes: number, findings: Finding[] }>,
 *   readonly finish: () => { readonly pages: { origin: string, readable: boolean } | null, readonly findings: Finding[] },
 * }} Place
 */

const HELP = `Usage: photoglot verify <folder or URL> [--public-key KEY] [--origin ORIGIN] [--json]

Reads the manifest and all files to the last byte, and compares sizes and digests, chunk by chunk.
At a URL it also looks at what browsers and CDNs make of the answers: Range, CORS, compression,
caching, ETag. Ends with status 1 when a client would refuse something.

  --public-key KEY  the manifest must be signed with this key, as "photoglot keygen" printed it
  --origin ORIGIN   the page's, such as https://app.example: then it must be allowed to read the
                    files. Without it that is looked at as an advice.
  --json            one JSON object instead of text`;

const SOME_ORIGIN = 'https://app.example';

/** @type {import('./main.mjs').Command} */
export const verify = {
  name: 'verify',
  summary: 'checks a folder or URL as a client would',
  help: HELP,
  positionals: ['folder or URL'],
  options: {
    'public-key': { type: 'string' },
    origin: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async run(values, [address = '']) {
    const { 'public-key': key, origin } = values;
    const open = placeOf(address, typeof origin === 'string' ? origin : null);
    const checks = await loadChecks();
    const place = open(checks);
    const publicKey = typeof key === 'string' ? key : null;
    const { model, findings, signature } = await checkManifest(place, checks, publicKey);
    const files = [];
    for (const [name, expected] of Object.entries(model?.files ?? {})) {
      files.push({ name, ...(await place.checkFile(name, expected)) });
    }
    const { pages, findings: general } = place.finish();
    const all = [...findings, ...general, ...files.flatMap((file) => file.findings)];
    const ok = !all.some(({ level }) => level === 'fail');
    const report = {
      ok,
      source: place.where,
      model: model === null ? null : { id: model.id, version: model.version },
      signature,
      pages,
      findings: [...findings, ...general],
      files: files.map(({ name, bytes, findings: found }) => ({
        name,
        ok: !found.some(({ level }) => level === 'fail'),
        bytes,
        findings: found,
      })),
    };
    if (values['json'] === true) console.log(JSON.stringify(report));
    else printReport(report);
    return ok ? 0 : 1;
  },
};

/**
 * Refuses wrong usage before anything is loaded.
 * @param {string} address @param {string | null} origin
 * @returns {(checks: import('./load-checks.mjs').Checks) => Place}
 */
function placeOf(address, origin) {
  if (!/^https?:\/\//i.test(address)) {
    if (origin !== null) throw new UsageError('--origin is for URLs; a folder has no origin.');
    if (existsSync(address)) return () => openFolder(address);
    throw new UsageError(`There is no folder "${address}", and it is no http(s) URL.`);
  }
  const page = origin ?? SOME_ORIGIN;
  if (!URL.canParse(page) || new URL(page).origin !== page.replace(/\/$/, '')) {
    throw new UsageError(`--origin: got "${page}", expected one such as ${SOME_ORIGIN}.`);
  }
  if (!URL.canParse(address)) throw new UsageError(`"${address}" is no URL.`);
  const permission = { origin: new URL(page).origin, required: origin !== null };
  return (checks) => openUrl(new URL(address), permission, checks);
}
