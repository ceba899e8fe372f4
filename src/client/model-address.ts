/** Where a model is, whether it was named or addressed. */
import { findModel, isModelAddress } from '../models/registry';
import { folderUrl } from './option-checks';

/** Folder with `models/` and `ort/`. */
export function assetsFolder(assets: string | URL | undefined): URL {
  return assets === undefined ? new URL(document.baseURI) : folderUrl('assets', assets);
}

/** Folder of the manifest, ending in `/`. Throws `invalid-input` or `model-not-found`. */
export function modelFolder(option: 'model' | 'fallback', model: string | URL, assets: URL): URL {
  const name = String(model);
  return isModelAddress(name) ? folderUrl(option, name) : new URL(findModel(name).path, assets);
}
