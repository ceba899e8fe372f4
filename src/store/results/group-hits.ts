import type { MetaValue } from '../../protocol/store-contract';
import type { HitGroup } from '../../protocol/store-query';
import { fieldReader } from '../where/read-field';
import type { FoundItem } from './found-item';

/**
 * The best hit of each value of a field, with how many hits have it. Hits without one, or with an object
 * or array there, are alone.
 */
export function groupHits<Hit extends FoundItem>(
  hits: readonly Hit[],
  field: string,
): (Hit & { readonly group: HitGroup | null })[] {
  const read = fieldReader(field);
  const counts = new Map<HitGroup['value'], number>();
  const first: { readonly hit: Hit; readonly value: HitGroup['value'] | undefined }[] = [];
  for (const hit of hits) {
    const value = scalarOf(read(hit.item.meta));
    const count = value === undefined ? 0 : (counts.get(value) ?? 0);
    if (value !== undefined) counts.set(value, count + 1);
    if (count === 0) first.push({ hit, value });
  }
  return first.map(({ hit, value }) => ({
    ...hit,
    group: value === undefined ? null : { value, count: counts.get(value) ?? 1 },
  }));
}

function scalarOf(value: MetaValue | undefined): HitGroup['value'] | undefined {
  return typeof value === 'object' && value !== null ? undefined : value;
}
