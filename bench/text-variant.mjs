/** The text tower of a model folder in a form that transformers.js can load, too. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './options.mjs';

/** @typedef {import('../src/models/manifest.ts').ModelManifest} ModelManifest */

/** Throws a usage error without one. @param {string} folder @returns {Promise<ModelManifest>} */
export async function readManifest(folder) {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => {
    throw new UsageError(`There is no manifest.json in ${folder}.`);
  });
  return JSON.parse(text);
}

/**
 * The first variant for WASM of the given number format, or of any; throws a usage error for one
 * that the peer cannot load.
 * @param {ModelManifest} manifest @param {string} [dtype]
 */
export function peerVariant({ text: tower }, dtype) {
  const variant = tower.backends.wasm.find((each) => dtype === undefined || each.dtype === dtype);
  if (variant === undefined) {
    throw new UsageError(`The text tower does not run on WASM${dtype ? ` in ${dtype}` : ''}.`);
  }
  if (variant.data?.length !== 1 || variant.data[0] !== `${variant.file}_data`) {
    // What transformers.js can load by the names that it makes up.
    throw new UsageError(`The text tower needs its weights in one file, ${variant.file}_data.`);
  }
  return {
    dtype: variant.dtype,
    files: { graph: variant.file, data: variant.data, tokenizer: tower.tokenizer },
  };
}
