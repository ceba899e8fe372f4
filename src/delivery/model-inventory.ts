/** What follows from the records of models and files together: lists, sums, and what is garbage. */
import type { CachedModel } from '../protocol/delivery-contract';
import type { StoredFile } from './file-shelf';
import type { ModelRecord } from './model-storage';

/** The models as they are listed, most recently used first. */
export function describeModels(
  models: readonly ModelRecord[],
  files: readonly StoredFile[],
): CachedModel[] {
  const byKey = new Map(files.map((file) => [file.key, file]));
  return models
    .map((model) => describe(model, byKey))
    .sort(
      (left, right) =>
        right.usedAt - left.usedAt ||
        right.addedAt - left.addedAt ||
        // Any order, but always the same one.
        (left.key < right.key ? -1 : 1),
    );
}

/** Keys of the files that no model refers to. */
export function unreferencedFiles(
  models: readonly ModelRecord[],
  fileKeys: readonly string[],
): string[] {
  const referenced = new Set(models.flatMap(({ files }) => Object.values(files)));
  return fileKeys.filter((key) => !referenced.has(key));
}

function describe(model: ModelRecord, byKey: ReadonlyMap<string, StoredFile>): CachedModel {
  const { key, id, version, integrity, addedAt, usedAt } = model;
  // Two names may have the same content.
  const files = [...new Set(Object.values(model.files))].map((file) => byKey.get(file));
  return {
    key,
    id,
    version,
    integrity,
    bytes: files.reduce((sum, file) => sum + (file?.bytes ?? 0), 0),
    complete: files.every((file) => file !== undefined && file.sha256 !== null),
    addedAt,
    usedAt,
    files: Object.keys(model.files),
  };
}
