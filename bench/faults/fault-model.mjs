/** The model of the fault matrix: a manifest as real ones are, and seeded files, two of them of several chunks. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { seededBytes } from '../../scripts/seeded-bytes.mjs';
import { MINI } from './mini-model.mjs';

/** @typedef {import('../../scripts/fault-types.mjs').FaultFile} FaultFile */
/** @typedef {'chunks' | 'files' | 'none'} Digests */

const MEBIBYTE = 2 ** 20;
export const CHUNK = 8 * MEBIBYTE;

/** Of five chunks. */
export const LARGE = 'weights.bin';
/** Of two and a half. */
export const MIDDLE = 'more-weights.bin';
export const SMALL = 'tokenizer.bin';

/** @type {Readonly<Record<string, number>>} */
const SIZES = { [LARGE]: 5 * CHUNK, [MIDDLE]: 2.5 * CHUNK, [SMALL]: 300_000 };
/** @type {Readonly<Record<string, number>>} */
const SEEDS = { [LARGE]: 11, [MIDDLE]: 12, [SMALL]: 13 };

/** Names of the files that are downloaded, with their sizes. */
export const FILES = SIZES;

/** Of all its files. */
export const MODEL_BYTES = Object.values(SIZES).reduce((sum, size) => sum + size, 0);

const TEMPLATE = new URL('../../src/runtime/fixtures/tiny-fixed/manifest.json', import.meta.url);

/** Ed25519, of a secret that is none: errors name the public key, and the table is to stay the same. */
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
});

/** As `photoglot keygen` prints it: the last 32 bytes of the key's DER are the key. */
export const PUBLIC_KEY = createPublicKey(privateKey)
  .export({ type: 'spki', format: 'der' })
  .subarray(-32)
  .toString('base64');

/** @param {string} text */
export function signed(text) {
  return `${sign(null, Buffer.from(text), privateKey).toString('base64')}\n`;
}

/** What serves a file of the model, or with another seed the file of another release. @param {string} name @param {number} [seed] @returns {FaultFile} */
export function fileOf(name, seed = SEEDS[name] ?? 0) {
  return { size: SIZES[name] ?? 0, seed };
}

/** A text as a file. @param {string} text @returns {FaultFile} */
export function textFile(text) {
  return { base64: Buffer.from(text).toString('base64') };
}

/** All files of the model as they should be, manifest included. @param {Digests} [digests] @returns {Record<string, FaultFile>} */
export function modelFiles(digests = 'chunks') {
  const files = Object.keys(SIZES).map((name) => [name, fileOf(name)]);
  return { 'manifest.json': textFile(manifestText(digests)), ...Object.fromEntries(files) };
}

/** @param {Digests} digests @returns {string} */
export function manifestText(digests) {
  const manifest = JSON.parse(readFileSync(TEMPLATE, 'utf8'));
  const described = Object.keys(SIZES).map((name) => [name, describe(name, digests)]);
  manifest.files = { ...manifest.files, ...Object.fromEntries(described) };
  return JSON.stringify({ ...manifest, id: 'fault-model' });
}

/** @param {string} name @param {Digests} digests */
function describe(name, digests) {
  if (digests === 'none') return {};
  const size = SIZES[name] ?? 0;
  const sha256 = digestOf(name);
  if (digests === 'files' || size <= CHUNK) return { size, sha256 };
  return { size, sha256, chunks: { size: CHUNK, sha256: chunkDigests(name) } };
}

/** @type {Map<string, string>} */
const digests = new Map();

/** Bytes of a file of the model, or of `mini`. @param {string} name */
export function sizeOf(name) {
  return FILES[name] ?? MINI[name]?.size ?? NaN;
}

/** SHA-256 that it should have. @param {string} name @param {number} [seed] */
export function digestOf(name, seed = SEEDS[name] ?? 0) {
  const real = MINI[name];
  if (real !== undefined) return real.sha256;
  const key = `${name} ${String(seed)}`;
  const known = digests.get(key);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  const size = SIZES[name] ?? 0;
  for (let at = 0; at < size; at += CHUNK) {
    hash.update(seededBytes(seed, at, Math.min(at + CHUNK, size)));
  }
  const digest = hash.digest('hex');
  digests.set(key, digest);
  return digest;
}

/** @param {string} name */
function chunkDigests(name) {
  const size = SIZES[name] ?? 0;
  const starts = Array.from({ length: Math.ceil(size / CHUNK) }, (_, index) => index * CHUNK);
  return starts.map((start) =>
    createHash('sha256')
      .update(seededBytes(SEEDS[name] ?? 0, start, Math.min(start + CHUNK, size)))
      .digest('hex'),
  );
}
