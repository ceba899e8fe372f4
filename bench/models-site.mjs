/** A model's text tower alone, as a model that `createLens` loads. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readManifest } from './text-variant.mjs';

/** @typedef {import('./site.mjs').Mount} Mount */
/** @typedef {import('../src/models/manifest.ts').ImageTower} ImageTower */
/** @typedef {import('../src/models/manifest.ts').ModelManifest} ModelManifest */

/** The smallest graph there is: it is loaded, and never run. */
const GRAPH = 'projector.onnx';
const FOLDER = fileURLToPath(new URL('../src/runtime/fixtures/tiny-naflex', import.meta.url));
const FILE = `stand-in/${GRAPH}`;
const VARIANTS = [{ file: FILE, dtype: 'fp32', provider: /** @type {const} */ ('wasm') }];

/** @type {ImageTower} */
const STAND_IN = {
  geometry: { kind: 'fixed', width: 16, height: 16, fit: 'squash' },
  filter: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  background: [255, 255, 255],
  inputs: { pixels: 'features' },
  output: 'embedding',
  batch: 1,
  backends: { wasm: VARIANTS, webgpu: VARIANTS },
};

/**
 * The folder at `prefix`, with an image tower of 20 kB: what is compared has none.
 * @param {string} prefix ending in `/` @param {string} folder
 * @returns {Promise<readonly Mount[]>}
 */
export async function textModelMounts(prefix, folder) {
  const graph = await readFile(join(FOLDER, GRAPH));
  const sha256 = createHash('sha256').update(graph).digest('hex');
  const manifest = await readManifest(folder);
  /** @type {ModelManifest} */
  const textOnly = {
    ...manifest,
    files: { ...manifest.files, [FILE]: { size: graph.length, sha256 } },
    image: STAND_IN,
    // Without a picture to reproduce the graph is not run.
    golden: { ...manifest.golden, image: [] },
  };
  return [
    { prefix: `${prefix}stand-in/`, folder: FOLDER },
    { prefix, folder, replaced: { 'manifest.json': JSON.stringify(textOnly) } },
  ];
}
