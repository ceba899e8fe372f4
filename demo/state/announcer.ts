/** Says in words what a glance would tell: results, milestones, ends. */
import type { AppState } from './app-state';
import type { Store } from './store';
import { countOf } from './format';

/** Percent between two milestones. */
const STEP = 25;

export class Announcer {
  readonly #store: Store<AppState>;
  #before: AppState;

  constructor(store: Store<AppState>) {
    this.#store = store;
    this.#before = store.state;
    store.subscribe(() => {
      this.#compare();
    });
  }

  #compare(): void {
    const before = this.#before;
    const now = this.#store.state;
    this.#before = now;
    const words = modelWords(before, now) ?? searchWords(before, now) ?? indexingWords(before, now);
    if (words !== null && words !== now.announcement) this.#store.patch({ announcement: words });
  }
}

function modelWords(before: AppState, { model }: AppState): string | null {
  if (model.kind === before.model.kind) return null;
  return model.kind === 'ready' ? 'Ready to search.' : null;
}

function searchWords(before: AppState, { search }: AppState): string | null {
  if (search === before.search || search.status !== 'done') return null;
  const sameAnswer =
    before.search.status === 'done' && before.search.photos.length === search.photos.length;
  if (before.search.query === search.query && sameAnswer) return null;
  // The words of the query make two answers of the same size two announcements.
  const what = search.query?.kind === 'text' ? `for ${search.query.text}` : 'like the picture';
  return `${countOf(search.photos.length, 'result')} ${what}`;
}

function indexingWords(before: AppState, { indexing, report }: AppState): string | null {
  if (report !== null && report !== before.report) {
    const failed = report.failed > 0 ? ` ${String(report.failed)} could not be read.` : '';
    return `${countOf(report.added, 'photo')} added.${failed}`;
  }
  if (indexing.status !== before.indexing.status) {
    if (indexing.status === 'paused') return 'Paused.';
    if (indexing.status === 'running') return `Adding ${countOf(indexing.total, 'photo')}.`;
  }
  if (indexing.total === 0 || indexing.done === before.indexing.done) return null;
  const [was, is] = [before.indexing, indexing].map(({ done, total }) =>
    total === 0 ? 0 : Math.floor((100 * done) / total / STEP),
  );
  return was === is || is === undefined || is * STEP >= 100
    ? null
    : `${String(is * STEP)} percent of ${countOf(indexing.total, 'photo')} added.`;
}
