/** Files that go, inside the transaction that makes them go. */
import { unreferencedFiles } from './model-inventory';
import { chunkKeysOf, type ModelsTransaction } from './models-schema';

/** Drops what is kept of a file; nothing where there is nothing. */
export async function dropContent(
  transaction: ModelsTransaction<'readwrite'>,
  fileKey: string,
): Promise<void> {
  await Promise.all([
    transaction.objectStore('contents').delete(fileKey),
    transaction.objectStore('chunks').delete(chunkKeysOf(fileKey)),
  ]);
}

/**
 * Drops every file that no model refers to: those of an older version, and those whose download
 * was given up. Hence a model's record must be there before its files are begun.
 */
export async function dropUnreferenced(transaction: ModelsTransaction<'readwrite'>): Promise<void> {
  const models = await transaction.objectStore('models').getAll();
  const fileKeys = await transaction.objectStore('contents').getAllKeys();
  for (const key of unreferencedFiles(models, fileKeys)) await dropContent(transaction, key);
}
