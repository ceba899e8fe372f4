/**
 * Reads sound rows of a damaged file. Rows that lie near each other are read together, with what lies
 * between them; of an encrypted file that may be what is damaged, so then they are read one by one.
 */
import type { ItemRecord } from '../../protocol/store-contract';
import type { PackedFile } from '../packed/packed-file';
import { survivor } from './damage';

export async function soundItems(
  file: PackedFile,
  rows: Uint32Array,
): Promise<(ItemRecord | null)[]> {
  const together = await survivor(() => file.items(rows));
  if (together !== null) return together;
  const items: (ItemRecord | null)[] = [];
  for (const row of rows) items.push(...(await file.items(Uint32Array.of(row))));
  return items;
}

/** [rows, dimension]. */
export async function soundVectors(
  file: PackedFile,
  rows: Uint32Array,
): Promise<Float32Array<ArrayBuffer>> {
  const together = await survivor(() => file.vectors(rows));
  if (together !== null) return together;
  const vectors = new Float32Array(rows.length * file.dimension);
  for (const [place, row] of rows.entries()) {
    vectors.set(await file.vectors(Uint32Array.of(row)), place * file.dimension);
  }
  return vectors;
}
