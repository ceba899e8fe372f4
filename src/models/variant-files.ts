/** All files of a tower in one form. */
import type { TowerVariant } from './manifest';

/** Keys of the manifest's `files`, each with the field of the variant that names it. */
export function variantFiles({
  file,
  data = [],
  rows = [],
  projector,
}: TowerVariant): readonly { readonly field: string; readonly file: string }[] {
  return [
    { field: 'file', file },
    ...data.map((each) => ({ field: 'data', file: each })),
    ...rows.map((pack) => ({ field: 'rows', file: pack.file })),
    ...(projector === undefined ? [] : [{ field: 'projector', file: projector }]),
  ];
}
