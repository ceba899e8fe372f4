/** A collection as JSON Lines: one item per line, with its vector or without. */
import type { ItemRecord } from '../protocol/store-contract';
import type { RowSource } from './row-source';

type Pieces = AsyncGenerator<Uint8Array<ArrayBuffer>, void>;

/** `{ id, meta, fields, vector }` per line; with `rough: true` where the item is. */
export async function* writeRowLines(source: RowSource): Pieces {
  const { dimension } = source;
  for await (const { items, vectors } of source.blocks()) {
    yield lines(items, (item, index) => ({
      ...item,
      vector: Array.from(vectors.subarray(index * dimension, (index + 1) * dimension)),
    }));
  }
}

/** `{ id, meta, fields }` per line, in the order of the rows: what stands beside an NPY file. */
export async function* writeItemLines(source: RowSource): Pieces {
  for await (const { items } of source.blocks()) yield lines(items, (item) => item);
}

function lines(
  items: readonly ItemRecord[],
  lineOf: (item: ItemRecord, index: number) => unknown,
): Uint8Array<ArrayBuffer> {
  const text = items.map((item, index) => `${JSON.stringify(lineOf(item, index))}\n`).join('');
  return new TextEncoder().encode(text);
}
