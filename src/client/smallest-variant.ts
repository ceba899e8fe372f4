/** Which of a tower's variants take the least memory. */
import type { ModelFile, TowerVariant } from '../models/manifest';

type Files = Readonly<Record<string, ModelFile>>;

/** Bytes that it takes in memory: packs of words stay on the disk. A size that the manifest does not tell may be any. */
export function variantBytes({ file, data = [] }: TowerVariant, files: Files): number {
  return [file, ...data].reduce((sum, each) => sum + (files[each]?.size ?? Infinity), 0);
}

/** Those with the fewest bytes first, of an unknown size last; in their order where they are equal. */
export function smallestFirst(
  variants: readonly TowerVariant[],
  files: Files,
): readonly TowerVariant[] {
  const order = (a: number, b: number): number => (a === b ? 0 : a - b);
  return variants.toSorted((a, b) => order(variantBytes(a, files), variantBytes(b, files)));
}
