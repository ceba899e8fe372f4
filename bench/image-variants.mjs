/** Image towers that a bench compares: model folders, each in one number format or more. */
import { basename } from 'node:path';
import { UsageError } from './options.mjs';
import { readManifest } from './text-variant.mjs';

/** @typedef {import('../src/models/manifest.ts').ModelManifest} ModelManifest */

/**
 * `dtype` is null where the SDK chooses; `path` is the model's own on a site.
 * @typedef {{
 *   readonly folder: string, readonly model: string, readonly path: string,
 *   readonly dtype: string | null,
 *   readonly imageBytes: number, readonly manifest: ModelManifest,
 * }} ImageVariant
 */

/** What follows `--dtype`. @param {string | undefined} list @returns {readonly string[]} */
export function parseDtypes(list) {
  return list === undefined ? [] : list.split(',');
}

/**
 * @param {readonly string[]} folders @param {readonly string[]} dtypes wanted, as {@link dtypesOf}
 * @returns {Promise<readonly ImageVariant[]>}
 */
export async function readImageVariants(folders, dtypes) {
  if (folders.length === 0) throw new UsageError('Name at least one model folder.');
  const models = await Promise.all(
    folders.map(async (folder) => ({ folder, manifest: await readManifest(folder) })),
  );
  return models.flatMap(({ folder, manifest }, at) =>
    dtypesOf(manifest, dtypes).map((dtype) => ({
      folder,
      model: basename(folder),
      path: `/model-${String(at)}`,
      dtype,
      imageBytes: bytesOf(manifest, dtype),
      manifest,
    })),
  );
}

/**
 * Those of the wanted number formats that the image tower has on WASM; without any, what the SDK
 * takes by itself, so that models of other formats can be in the same run.
 * @param {Pick<ModelManifest, 'image'>} manifest @param {readonly string[]} wanted
 * @returns {readonly (string | null)[]}
 */
export function dtypesOf({ image }, wanted) {
  const there = wanted.filter((name) => image.backends.wasm.some(({ dtype }) => dtype === name));
  return there.length > 0 ? there : [null];
}

/**
 * The graph and its external weights, as WASM takes them.
 * @param {ModelManifest} manifest @param {string | null} dtype
 */
function bytesOf({ image, files }, dtype) {
  const variant = image.backends.wasm.find((each) => dtype === null || each.dtype === dtype);
  const names = variant === undefined ? [] : [variant.file, ...(variant.data ?? [])];
  return names.reduce((sum, name) => sum + (files[name]?.size ?? NaN), 0);
}
