/** `photoglot pack`: describes exported files, with the digests that clients check them by. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, UsageError } from './failure.mjs';
import { digestFiles, digestTable } from './folder-digests.mjs';
import { folderFiles, isDocument } from './folder-files.mjs';
import { loadChecks } from './load-checks.mjs';
import { manifestText, readManifestJson, replaceFile } from './manifest-text.mjs';
import { filesToPack } from './pack-plan.mjs';

/** @typedef {import('./file-digester.mjs').Digests} Digests */

const MIB = 2 ** 20;

const HELP = `Usage: photoglot pack <folder> [--base FILE] [--chunk-size MIB] [--ignore NAME] [--listing ID@VERSION]

Computes size, SHA-256 and chunk digests of all files that <folder>/manifest.json names, and writes
them into it. Everything else in the manifest stays as it is.

  --base FILE           a manifest to take everything but the files' digests from
  --chunk-size MIB      whole MiB that clients check at once, 1 to 64; default 8
  --ignore NAME         a file in the folder that is no part of the model; may be repeated
  --listing ID@VERSION  for files without a manifest: writes listing.json with sizes and digests of
                        all files in the folder, to be fetched through the model cache

Without chunk digests damage is noticed only at the end of a file.`;

/** @type {import('./main.mjs').Command} */
export const pack = {
  name: 'pack',
  summary: 'writes sizes and digests of exported files into manifest.json',
  help: HELP,
  positionals: ['folder'],
  options: {
    base: { type: 'string' },
    'chunk-size': { type: 'string', default: '8' },
    ignore: { type: 'string', multiple: true, default: [] },
    listing: { type: 'string' },
  },
  async run(values, [folder = '']) {
    const chunkSize = chunkBytes(String(values['chunk-size']));
    const ignored = new Set(/** @type {string[]} */ (values['ignore']));
    if (typeof values['listing'] === 'string') {
      if (values['base'] !== undefined) throw new UsageError('--listing needs no --base.');
      await packListing(folder, values['listing'], { chunkSize, ignored });
    } else {
      const base = typeof values['base'] === 'string' ? values['base'] : null;
      await packManifest(folder, { base, chunkSize, ignored });
    }
    return 0;
  },
};

/** @param {string} text */
function chunkBytes(text) {
  const mib = /^\d+$/.test(text) ? Number(text) : 0;
  if (mib >= 1 && mib <= 64) return mib * MIB;
  throw new UsageError(`--chunk-size: got "${text}", expected whole MiB from 1 to 64.`);
}

/**
 * @param {string} folder
 * @param {{ base: string | null, chunkSize: number, ignored: ReadonlySet<string> }} options
 */
async function packManifest(folder, { base, chunkSize, ignored }) {
  const present = await folderFiles(folder);
  const path = join(folder, 'manifest.json');
  const json = await readManifestJson(base ?? path);
  if (json === null) throw new Failure(withoutManifest(base ?? path));
  const checks = await loadChecks();
  const { names, dropped } = filesToPack({
    checks,
    json,
    present,
    ignored,
    ownFiles: base === null,
  });
  const digests = await digestFiles(folder, names, chunkSize);
  // Another folder's entries say nothing of these files.
  const before = /** @type {Readonly<Record<string, object>>} */ (
    base === null ? (json['files'] ?? {}) : {}
  );
  const files = [...digests].map(([name, digest]) => [
    name,
    entry(before[name], digest, chunkSize),
  ]);
  const manifest = { ...json, files: Object.fromEntries(files) };
  checks.parseManifest(manifest);
  const text = manifestText(manifest);
  const written = existsSync(path) ? await readFile(path, 'utf8') : null;
  if (text !== written) await replaceFile(path, text);

  console.log(digestTable(digests));
  console.log(`\n${path}: ${text === written ? 'up to date' : 'written'}.`);
  if (dropped.length > 0) console.log(`No longer described: ${dropped.join(', ')}.`);
  if (text !== written && existsSync(`${path}.sig`)) {
    console.log('manifest.json.sig signs the manifest as it was: run "photoglot sign" again.');
  }
}

/**
 * What another tool noted of a file is kept.
 * @param {{ chunks?: unknown } | undefined} before @param {Digests} digests @param {number} chunkSize
 */
function entry(before, { size, sha256, chunks }, chunkSize) {
  const described = { ...before, size, sha256 };
  delete described.chunks;
  // The digest of a single chunk is that of the file.
  return chunks.length > 1
    ? { ...described, chunks: { size: chunkSize, sha256: chunks } }
    : described;
}

/**
 * @param {string} folder @param {string} name
 * @param {{ chunkSize: number, ignored: ReadonlySet<string> }} options
 */
async function packListing(folder, name, { chunkSize, ignored }) {
  const [, id, version] = /^(.+)@([^@]+)$/.exec(name) ?? [];
  if (id === undefined || version === undefined) {
    throw new UsageError(`--listing: got "${name}", expected ID@VERSION, such as bge-m3-int8@1.0.`);
  }
  const present = await folderFiles(folder);
  const names = present.filter((file) => !isDocument(file) && !ignored.has(file));
  if (names.length === 0) throw new Failure(`There are no files in ${folder}.`);
  const digests = await digestFiles(folder, names, chunkSize);
  const files = [...digests].map(([file, digest]) => [file, entry(undefined, digest, chunkSize)]);
  const path = join(folder, 'listing.json');
  const listing = { id, version, files: Object.fromEntries(files) };
  await replaceFile(path, `${JSON.stringify(listing, null, 1)}\n`);
  console.log(digestTable(digests));
  console.log(`\n${path}: written. With "url", the folder's address, it is a listing.`);
}

/** @param {string} path */
function withoutManifest(path) {
  return (
    `There is no ${path}. It says what the files are: preprocessing, names of inputs and outputs, ` +
    'variants per device, golden vectors. "python -m training.export" writes one with the files ' +
    '(docs/models.md); --base takes one of the same model from elsewhere. Files that are no ' +
    'lens, and only go through the model cache, need none: --listing ID@VERSION.'
  );
}
