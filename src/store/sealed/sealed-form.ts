/** Everything lies on the disk encrypted, bound to its object store and key. */
import type { ItemPage, SignalStoreName, StoreSchema } from '../schema';
import type { SegmentFolder } from '../segment/segment-file';
import type { Deletion, Put, Writes } from '../writes';
import { sealBroken } from './message-key';
import { openBlob, sealBlob } from './sealed-blob';
import { SealedFolder } from './sealed-folder';
import type { PictureStore, StoredForm } from './stored-form';
import type { Vault } from './vault';

/** Their keys have an item's id in them. */
const NAMED_STORES: readonly string[] = ['thumbnails', 'originals', 'sparse', 'tokens'];

export class SealedForm implements StoredForm {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  async seal({ deletions, puts }: Writes): Promise<Writes> {
    const [sealedDeletions, sealedPuts] = await Promise.all([
      Promise.all(deletions.map((each) => this.#deletion(each))),
      Promise.all(puts.map((each) => this.#put(each))),
    ]);
    return { deletions: sealedDeletions, puts: sealedPuts };
  }

  vectors(key: StoreSchema['vectors']['key'], value: ArrayBuffer): Promise<ArrayBuffer> {
    return this.#open('vectors', key, value);
  }

  async items(
    key: StoreSchema['items']['key'],
    value: StoreSchema['items']['value'],
  ): Promise<ItemPage> {
    const json = await this.#open('items', key, value);
    return JSON.parse(new TextDecoder().decode(json)) as ItemPage;
  }

  async deaths(
    key: StoreSchema['deaths']['key'],
    value: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.#open('deaths', key, value.slice().buffer));
  }

  picture(store: PictureStore, key: StoreSchema[PictureStore]['key'], value: Blob): Promise<Blob> {
    return openBlob(this.#vault, value, [store, ...key]);
  }

  signal(
    store: SignalStoreName,
    key: StoreSchema[SignalStoreName]['key'],
    value: ArrayBuffer,
  ): Promise<ArrayBuffer> {
    return this.#open(store, key, value);
  }

  nameOf(id: string): Promise<string> {
    return this.#vault.nameOf(id);
  }

  idOf(): null {
    return null;
  }

  folder(folder: SegmentFolder): SegmentFolder {
    return new SealedFolder(folder, this.#vault.data);
  }

  /** What was written in plain is refused. */
  async #open(
    store: string,
    key: readonly (string | number)[],
    value: unknown,
  ): Promise<ArrayBuffer> {
    if (!(value instanceof ArrayBuffer)) throw sealBroken();
    return this.#vault.open(value, [store, ...key]);
  }

  async #put(put: Put): Promise<Put> {
    const place = [put.store, ...put.key];
    switch (put.store) {
      case 'vectors':
        return { ...put, value: await this.#vault.seal(put.value, place) };
      case 'items': {
        const json = new TextEncoder().encode(JSON.stringify(put.value));
        return { ...put, value: await this.#vault.seal(json, place) };
      }
      case 'deaths':
        return { ...put, value: new Uint8Array(await this.#vault.seal(put.value, place)) };
      case 'thumbnails':
      case 'originals': {
        const key = await this.#pictureKey(put.key);
        return { ...put, key, value: await sealBlob(this.#vault, put.value, [put.store, ...key]) };
      }
      case 'sparse':
      case 'tokens': {
        const key = await this.#pictureKey(put.key);
        return { ...put, key, value: await this.#vault.seal(put.value, [put.store, ...key]) };
      }
      // Numbers of segments.
      case 'journal':
        return put;
      default:
        return put satisfies never;
    }
  }

  async #deletion({ store, keys }: Deletion): Promise<Deletion> {
    const isByItem = NAMED_STORES.includes(store);
    if (!isByItem || keys instanceof IDBKeyRange) return { store, keys };
    return { store, keys: await this.#pictureKey(keys as [string, string]) };
  }

  async #pictureKey([parts, id]: readonly [string, string]): Promise<[string, string]> {
    return [parts, await this.#vault.nameOf(id)];
  }
}
