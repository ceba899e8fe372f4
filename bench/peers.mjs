/** Libraries that the benchmarks compare with: installed when first needed, in a folder of their own. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('peers', import.meta.url));
const MODULES = join(FOLDER, 'node_modules');
const TRANSFORMERS = join(MODULES, '@huggingface/transformers');

/** Installs what is not there as the lock file says; without scripts, which fetch programs for Node. */
export function installPeers() {
  const there = Object.entries(wanted()).every(
    ([name, version]) => versionIn(peerFolder(name)) === version,
  );
  if (there) return;
  console.error('installing bench/peers …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['ci', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync(npm, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed.`);
}

/** Folder of an installed package, or below it. @param {string} name */
export function peerFolder(name) {
  return join(MODULES, name);
}

/** Versions by name, as they are installed. @param {readonly string[]} names */
export function versionsOf(names) {
  return Object.fromEntries(names.map((name) => [name, versionIn(peerFolder(name)) ?? null]));
}

/** Versions, for the report. */
export function peerVersions() {
  return {
    transformers: versionIn(TRANSFORMERS),
    onnxruntime: versionIn(join(MODULES, 'onnxruntime-web')),
  };
}

/**
 * What the peer's page asks for: the library, its ORT files, and the model as a hub would serve it.
 * @param {string} model folder @param {string} tokenizer name of its file
 * @returns {Promise<readonly import('./site.mjs').Mount[]>}
 */
export async function peerMounts(model, tokenizer) {
  // The leanest class that runs a graph with ids and mask; nothing else of it is used.
  const replaced = {
    'config.json': JSON.stringify({ model_type: 'xlm-roberta' }),
    'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'XLMRobertaTokenizer' }),
    'tokenizer.json': await readFile(join(model, tokenizer), 'utf8'),
  };
  return [
    { prefix: '/peers/transformers/', folder: join(TRANSFORMERS, 'dist') },
    { prefix: '/peers/ort/', folder: join(MODULES, 'onnxruntime-web/dist') },
    { prefix: '/peers/hub/model/onnx/', folder: model },
    { prefix: '/peers/hub/model/', folder: model, replaced },
  ];
}

/** Exact versions by name. */
function wanted() {
  return readJson(join(FOLDER, 'package.json'))?.dependencies ?? {};
}

/** Of an installed package; undefined without it. @param {string} folder */
function versionIn(folder) {
  return readJson(join(folder, 'package.json'))?.version;
}

/** @param {string} file @returns {{ version?: string, dependencies?: Record<string, string> } | undefined} */
function readJson(file) {
  try {
    return /** @type {{ version?: string }} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
