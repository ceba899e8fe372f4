/** The form in which a collection's values lie on the disk: plain, or sealed. */
import type { ItemPage, SignalStoreName, StoreSchema } from '../schema';
import type { SegmentFolder } from '../segment/segment-file';
import type { Writes } from '../writes';

/** Object stores of pictures. */
export type PictureStore = 'thumbnails' | 'originals';

/**
 * What is read is opened, under the key that it was read from. These methods reject with `storage` when it
 * is not what was written there.
 */
export interface StoredForm {
  /** The same writes as they go to the disk. */
  seal(writes: Writes): Promise<Writes>;
  vectors(key: StoreSchema['vectors']['key'], value: ArrayBuffer): Promise<ArrayBuffer>;
  items(key: StoreSchema['items']['key'], value: StoreSchema['items']['value']): Promise<ItemPage>;
  deaths(
    key: StoreSchema['deaths']['key'],
    value: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>>;
  picture(store: PictureStore, key: StoreSchema[PictureStore]['key'], value: Blob): Promise<Blob>;
  signal(
    store: SignalStoreName,
    key: StoreSchema[SignalStoreName]['key'],
    value: ArrayBuffer,
  ): Promise<ArrayBuffer>;
  /** What stands for an item's id in the keys of its pictures and signals. */
  nameOf(id: string): Promise<string>;
  /** The inverse; null where a name does not tell. */
  idOf(name: string): string | null;
  /** The same folder for packed files of the collection. */
  folder(folder: SegmentFolder): SegmentFolder;
}
