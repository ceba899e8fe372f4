/**
 * What version 1 of the database held, in today's form, so that an update of the SDK downloads
 * nothing again: whole files by their SHA-256, and manifests, as parsed JSON, by their URL.
 */
import type { IDBPTransaction } from 'idb';
import type { ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import type { StoredFile } from './file-shelf';
import type { ModelRecord } from './model-storage';

/** A transaction in which object stores of any version may be read, made and deleted. */
export type VersionChange = IDBPTransaction<unknown, string[], 'versionchange'>;

/**
 * Moves every manifest that can be read, and those of its files that are there in their right
 * size. Files that no manifest names are left behind: nothing would ever ask for them or free them.
 */
export async function carryOverVersion1(change: VersionChange): Promise<void> {
  const now = Date.now();
  const manifests = change.objectStore('manifests');
  for (const url of await manifests.getAllKeys()) {
    const manifest = readable(await manifests.get(url));
    if (manifest === null || typeof url !== 'string') continue;
    const files = await carryOverFiles(change, manifest);
    // Without its files a manifest serves nobody, and would be listed as a model of no bytes.
    if (Object.keys(files).length === 0) continue;
    const record: ModelRecord = {
      key: url,
      id: manifest.id,
      version: manifest.version,
      manifest: { text: JSON.stringify(manifest), signature: null },
      files,
      // Version 1 kept only files whose digest it had compared with the manifest.
      integrity: 'verified',
      addedAt: now,
      usedAt: now,
    };
    await change.objectStore('models').put(record, url);
  }
}

/** Name → key of the files that could be carried over. */
async function carryOverFiles(
  change: VersionChange,
  manifest: ModelManifest,
): Promise<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, { size, sha256 }] of Object.entries(manifest.files)) {
    // Version 1 kept nothing without both.
    if (size === undefined || sha256 === undefined) continue;
    const blob: unknown = await change.objectStore('files').get(sha256);
    if (!(blob instanceof Blob) || blob.size !== size) continue;
    kept[name] = sha256;
    const file: StoredFile = {
      key: sha256,
      chunkSize: size,
      chunks: 1,
      bytes: size,
      size,
      sha256,
      hashState: null,
      validator: null,
    };
    await change.objectStore('contents').put(file, sha256);
    await change.objectStore('chunks').put(blob, [sha256, 0]);
  }
  return kept;
}

/** Null for what this release could not use anyway. */
function readable(json: unknown): ModelManifest | null {
  try {
    return parseManifest(json);
  } catch {
    return null;
  }
}
