/** What the formats need of a store: rows to read block by block, and somewhere to put them. */
import type { CollectionSummary, ItemRecord } from '../protocol/store-contract';

/** Rows side by side: item `i` has the numbers `vectors.subarray(i * dimension, (i + 1) * dimension)`. */
export interface RowBlock {
  readonly items: readonly ItemRecord[];
  /** Unit rows. */
  readonly vectors: Float32Array<ArrayBuffer>;
}

/** The pictures of an item, as far as it has any. */
export interface ItemPictures {
  readonly thumbnail: Blob | null;
  readonly original: Blob | null;
}

/** Which of an item's pictures. */
export type PictureKind = keyof ItemPictures;

/** A collection as it was at one moment. `count` is that of its rows. */
export interface RowSource extends CollectionSummary {
  /** All rows in their order, some at a time. Each call begins anew. */
  blocks(): AsyncIterable<RowBlock> | Iterable<RowBlock>;
  /**
   * The pictures of these items, in order, as they are now: null for what is gone. Throws `in-use` when the
   * collection itself is no longer the one that is read.
   */
  pictures(ids: readonly string[]): Promise<readonly ItemPictures[]>;
}

/** Takes a collection, of which nobody sees anything before it is committed. Ids do not repeat. */
export interface RowSink {
  putRows(block: RowBlock): Promise<void>;
  /** A picture of an item that was put before. */
  putPicture(id: string, kind: PictureKind, picture: Blob): Promise<void>;
  /** Throws what `commit` would throw for the collection that it is to replace, as things are now. */
  checkReplaceable(): Promise<void>;
  /** Makes it a collection at once. When it rejects, nothing has changed. */
  commit(): Promise<CollectionSummary>;
  /** Forgets all of it. Never rejects. */
  discard(): Promise<void>;
}
