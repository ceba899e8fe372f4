/** The site of the search bench: its page, a model for each dimension, and the peers. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerFolder } from './peers.mjs';
import { openSite, PLAIN_PAGES, PUBLIC } from './site.mjs';

/** @typedef {import('../src/models/manifest.ts').ModelManifest} ModelManifest */
/** @typedef {import('../src/models/manifest.ts').TowerVariant} TowerVariant */

/** Of 300 kB, and without ONNX Runtime; never asked for a vector, so that its dimension can be any. */
const FOLDER = fileURLToPath(new URL('../src/runtime/fixtures/tiny-int7', import.meta.url));
/** Pictures per run, and so items per write, as `mini` has it. */
const BATCH = 4;

/** @param {readonly number[]} dimensions */
export async function openSearchSite(dimensions) {
  /** @type {ModelManifest} */
  const manifest = JSON.parse(await readFile(join(FOLDER, 'manifest.json'), 'utf8'));
  const models = dimensions.map((dimension) => ({
    prefix: `/search-model/${String(dimension)}/`,
    folder: FOLDER,
    replaced: { 'manifest.json': JSON.stringify(ofDimension(manifest, dimension)) },
  }));
  return openSite([
    PLAIN_PAGES,
    ...models,
    { prefix: '/ort/', folder: join(PUBLIC, 'ort') },
    { prefix: '/peers/hnswlib-wasm/', folder: peerFolder('hnswlib-wasm/dist') },
    { prefix: '/peers/voy-search/', folder: peerFolder('voy-search') },
    { prefix: '/peers/orama/', folder: peerFolder('@orama/orama/dist/browser') },
  ]);
}

/** @param {ModelManifest} manifest @param {number} dimension @returns {ModelManifest} */
function ofDimension({ text, image, ...manifest }, dimension) {
  return {
    ...manifest,
    id: `any-${String(dimension)}`,
    dimension,
    golden: { text: [], image: [] },
    text: { ...text, backends: untested(text.backends.wasm) },
    image: { ...image, batch: BATCH, backends: untested(image.backends.wasm) },
  };
}

/** The first variant alone, without vectors to reproduce. @param {readonly TowerVariant[]} variants */
function untested([first]) {
  if (first === undefined) throw new Error('The model has no variant for WASM.');
  const variant = { ...first, golden: [] };
  return { wasm: [variant], webgpu: [{ ...variant, provider: /** @type {const} */ ('wasm') }] };
}
