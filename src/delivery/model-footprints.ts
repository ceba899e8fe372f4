/** Which bytes each model accounts for: files may be shared, and a shared one frees nothing alone. */
import type { CachedModel } from '../protocol/delivery-contract';
import type { ModelStorage } from './model-storage';

export interface Footprint {
  readonly model: CachedModel;
  /** Keys of its files, each once. */
  readonly fileKeys: readonly string[];
}

export interface Footprints {
  /** Least recently used first. */
  readonly models: readonly Footprint[];
  /** Bytes that are kept, by the file's key. */
  readonly bytes: ReadonlyMap<string, number>;
}

/** What the footprints are taken of. */
export type FootprintSource = Pick<ModelStorage, 'listModels' | 'readModel' | 'find'>;

export async function readFootprints(storage: FootprintSource): Promise<Footprints> {
  const models: Footprint[] = [];
  const bytes = new Map<string, number>();
  for (const model of (await storage.listModels()).toReversed()) {
    const record = await storage.readModel(model.key);
    // Deleted between the two questions.
    if (record === null) continue;
    const fileKeys = [...new Set(Object.values(record.files))];
    models.push({ model, fileKeys });
    for (const key of fileKeys) {
      if (!bytes.has(key)) bytes.set(key, (await storage.find(key))?.bytes ?? 0);
    }
  }
  return { models, bytes };
}

/** Bytes that deleting these models together frees: those of files that no other model refers to. */
export function freedBytes({ models, bytes }: Footprints, deleted: ReadonlySet<string>): number {
  const stay = new Set(
    models.flatMap(({ model, fileKeys }) => (deleted.has(model.key) ? [] : fileKeys)),
  );
  const leave = new Set(
    models.flatMap(({ model, fileKeys }) => (deleted.has(model.key) ? fileKeys : [])),
  );
  return [...leave]
    .filter((key) => !stay.has(key))
    .reduce((sum, key) => sum + (bytes.get(key) ?? 0), 0);
}
