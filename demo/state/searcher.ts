/** Searches while somebody types: debounced, and a newer query ends the one before. */
import type { Query } from 'photoglot';
import { NO_SEARCH, type ActiveQuery, type AppState } from './app-state';
import { splitMatches } from './best-matches';
import { photoOfHit } from './photo';
import { isAborted, problemOf } from './problem';
import type { Opened, Session } from './session';
import type { Store } from './store';

const DEBOUNCE_MS = 150;
const LIMIT = 200;

export class Searcher {
  readonly #store: Store<AppState>;
  readonly #session: Session;
  #stale = new AbortController();
  /** A picture's row, so that it is encoded once however often the library grows. */
  #row: { readonly picture: File; readonly vector: Float32Array } | null = null;

  constructor(store: Store<AppState>, session: Session) {
    this.#store = store;
    this.#session = session;
  }

  /** Searches, at once or when typing has come to rest; null shows everything again. */
  set(query: ActiveQuery | null, { typing }: { readonly typing: boolean }): void {
    this.#stale.abort();
    if (query === null) {
      this.#store.patch({ search: NO_SEARCH });
      return;
    }
    this.#stale = new AbortController();
    const { search, model } = this.#store.state;
    const status = model.kind === 'ready' ? 'running' : 'waiting';
    this.#store.patch({ search: { ...search, query, status, problem: null } });
    void this.#search(query, typing ? DEBOUNCE_MS : 0, this.#stale.signal);
  }

  /** Asks the same again: the library has changed. */
  refresh(): void {
    const { query, status } = this.#store.state.search;
    if (query === null || status !== 'done') return;
    this.#stale.abort();
    this.#stale = new AbortController();
    void this.#search(query, 0, this.#stale.signal);
  }

  async #search(query: ActiveQuery, delay: number, signal: AbortSignal): Promise<void> {
    try {
      await rest(delay, signal);
      const opened = await this.#session.whenOpen(signal);
      const asked = await this.#queryOf(query, opened, signal);
      const { hits } =
        asked === null
          ? { hits: [] }
          : await opened.photos.search(asked, { limit: LIMIT, cutoff: 0, signal });
      if (signal.aborted) return;
      const found = hits.map(photoOfHit);
      const ranked = query.kind === 'like' ? found.filter(({ id }) => id !== query.id) : found;
      const { best: photos, others } = splitMatches(ranked);
      this.#store.patch({ search: { status: 'done', query, photos, others, problem: null } });
    } catch (thrown) {
      if (signal.aborted || isAborted(thrown)) return;
      const problem = problemOf(thrown);
      this.#store.patch({ search: { ...NO_SEARCH, status: 'failed', query, problem } });
    }
  }

  /** Null when the photo to compare with is gone. */
  async #queryOf(query: ActiveQuery, opened: Opened, signal: AbortSignal): Promise<Query | null> {
    switch (query.kind) {
      case 'text':
        return query.text;
      case 'like': {
        const vector = await opened.photos.vector(query.id);
        return vector && { vector };
      }
      case 'picture':
        return { vector: await this.#rowOf(query.picture, opened, signal) };
      default:
        return query satisfies never;
    }
  }

  async #rowOf(picture: File, { lens }: Opened, signal: AbortSignal): Promise<Float32Array> {
    if (this.#row?.picture === picture) return this.#row.vector;
    const { data } = await lens.embedImage([picture], { signal });
    this.#row = { picture, vector: data };
    return data;
  }
}

/** Resolves after `delay` milliseconds; rejects at once on abort. */
function rest(delay: number, signal: AbortSignal): Promise<void> {
  if (delay === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delay);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('A newer query took its place.', 'AbortError'));
    });
  });
}
