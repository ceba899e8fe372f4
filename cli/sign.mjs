/** `photoglot sign`: signs a packed manifest. */
import { sign as signBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, UsageError } from './failure.mjs';
import { loadChecks } from './load-checks.mjs';
import { parseObject, replaceFile } from './manifest-text.mjs';
import { publicKeyText, readSigningKey } from './signing-key.mjs';

const HELP = `Usage: photoglot sign <folder> --key FILE

Signs <folder>/manifest.json, byte for byte as it is, into manifest.json.sig beside it. Serve both.
Sign again after every change of the manifest.

  --key FILE  the private key of "photoglot keygen"`;

/** @type {import('./main.mjs').Command} */
export const sign = {
  name: 'sign',
  summary: 'signs manifest.json into manifest.json.sig',
  help: HELP,
  positionals: ['folder'],
  options: { key: { type: 'string' } },
  async run(values, [folder = '']) {
    const { key: keyFile } = values;
    if (typeof keyFile !== 'string') throw new UsageError('--key FILE is missing.');
    const key = await readSigningKey(keyFile);
    const path = join(folder, 'manifest.json');
    const bytes = new Uint8Array(await readFile(path));
    const checks = await loadChecks();
    refuseUndescribed(checks.parseManifest(parseObject(decode(bytes, path), path)));
    const signature = signBytes(null, bytes, key).toString('base64');
    const publicKey = publicKeyText(key);
    // By the code that clients run: a signature that they would refuse is not written.
    await checks.requireManifestSignature(bytes, signature, publicKey);
    await replaceFile(`${path}.sig`, `${signature}\n`);
    console.error(`${path}.sig: written. Public key:`);
    console.log(publicKey);
    return 0;
  },
};

/** A signature vouches for files by their digests only. @param {import('./model-checks.ts').ModelManifest} manifest */
function refuseUndescribed({ files }) {
  const open = Object.keys(files).filter((name) => files[name]?.sha256 === undefined);
  if (open.length === 0) return;
  throw new Failure(
    `The manifest has no SHA-256 of ${open.join(', ')}, so a signature would not vouch for them. ` +
      'Run "photoglot pack" first.',
  );
}

/** Clients read it as text and check the bytes of that text. @param {Uint8Array} bytes @param {string} path */
function decode(bytes, path) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Failure(`${path} is not UTF-8. Save it as UTF-8.`, error);
  }
}
