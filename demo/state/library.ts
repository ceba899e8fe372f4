/** All photos, newest first, as they come and go. */
import type { AppState } from './app-state';
import { newestFirst, photoOfHit, photoOfRecord, type Photo } from './photo';
import { rememberCount } from './remembered';
import type { Opened } from './session';
import type { Store } from './store';

export class Library {
  readonly #store: Store<AppState>;

  constructor(store: Store<AppState>) {
    this.#store = store;
  }

  /** Reads everything that is there. */
  async load({ lens, photos }: Opened): Promise<void> {
    const limit = await photos.count();
    // A search that asks for everything brings all records in one answer; its order is of no use.
    const anywhere = new Float32Array(lens.info.dimension);
    anywhere[0] = 1;
    const { hits } =
      limit === 0 ? { hits: [] } : await photos.search({ vector: anywhere }, { limit });
    this.#set(hits.map((hit) => ({ ...photoOfHit(hit), score: null })).sort(newestFirst));
  }

  /** Takes in photos that have just been added. */
  async take({ photos }: Opened, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const records = await Promise.all(ids.map((id) => photos.get(id)));
    const fresh = records.filter((record) => record !== null).map(photoOfRecord);
    const known = new Set(fresh.map((photo) => photo.id));
    const rest = this.#photos.filter((photo) => !known.has(photo.id));
    this.#set([...fresh, ...rest].sort(newestFirst));
  }

  /** Removes one photo from the collection and from view. */
  async remove({ photos }: Opened, id: string): Promise<void> {
    await photos.delete(id);
    const { search } = this.#store.state;
    this.#set(this.#photos.filter((photo) => photo.id !== id));
    this.#store.patch({
      search: {
        ...search,
        photos: search.photos.filter((photo) => photo.id !== id),
        others: search.others.filter((photo) => photo.id !== id),
      },
    });
  }

  async clear({ photos }: Opened): Promise<void> {
    await photos.clear();
    this.#set([]);
  }

  get #photos(): readonly Photo[] {
    return this.#store.state.library ?? [];
  }

  #set(library: readonly Photo[]): void {
    rememberCount(library.length);
    this.#store.patch({ library, expected: library.length });
  }
}
