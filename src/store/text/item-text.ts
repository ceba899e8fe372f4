import type { ItemRecord, MetaValue } from '../../protocol/store-contract';

/**
 * All texts of an item, one per line: its fields, and the strings in its meta, however deep, so that a
 * photo is found by its file name, camera, place or tags. Numbers are for filters.
 */
export function itemText({ fields, meta }: Pick<ItemRecord, 'fields' | 'meta'>): string {
  const texts = Object.values(fields);
  collect(meta, texts);
  return texts.join('\n');
}

function collect(value: MetaValue | undefined, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values<MetaValue>(value)) collect(inner, texts);
  }
}
