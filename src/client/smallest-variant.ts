/** Which of a tower's variants takes the least memory. */
import type { ModelFile, TowerBackends, TowerVariant } from '../models/manifest';
import { pickVariant, type VariantWish } from '../models/pick-variant';

/** The variant with the fewest bytes of those that the device runs; throws `backend-unavailable`. */
export function smallestVariant(
  backends: TowerBackends,
  files: Readonly<Record<string, ModelFile>>,
  { device, features }: Omit<VariantWish, 'dtype'>,
): TowerVariant {
  // A size that the manifest does not tell may be any: such a variant comes last.
  const bytesOf = ({ file, data = [] }: TowerVariant): number =>
    [file, ...data].reduce((sum, each) => sum + (files[each]?.size ?? Infinity), 0);
  const order = (a: number, b: number): number => (a === b ? 0 : a - b);
  const ordered = backends[device].toSorted((a, b) => order(bytesOf(a), bytesOf(b)));
  // What the device can run is decided in one place.
  return pickVariant({ ...backends, [device]: ordered }, { device, features, dtype: undefined });
}
