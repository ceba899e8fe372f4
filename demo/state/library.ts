/** All photos, newest first, as they come and go. */
import type { AppState } from './app-state';
import { newestFirst, photoOfRecord, type Photo } from './photo';
import { rememberCount } from './remembered';
import type { Opened } from './session';
import type { Store } from './store';

/** Records asked for side by side: enough to keep the store busy, few enough to let a search in between. */
const AT_ONCE = 256;

export class Library {
  readonly #store: Store<AppState>;

  constructor(store: Store<AppState>) {
    this.#store = store;
  }

  /** Reads everything that is there. */
  async load({ photos }: Opened): Promise<void> {
    const ids = await photos.ids();
    const library: Photo[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const part = ids.slice(from, from + AT_ONCE);
      const records = await Promise.all(part.map((id) => photos.get(id)));
      library.push(...records.filter((record) => record !== null).map(photoOfRecord));
    }
    this.#set(library.sort(newestFirst));
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
