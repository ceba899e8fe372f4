/** What the main part of the page shows, out of everything that is known. */
import type { AppState, SearchState } from '../state/app-state';
import type { Photo } from '../state/photo';
import type { Problem } from '../state/problem';

/** As many as fit a large screen: more would only be scrolled past. */
const MOST_PLACES = 48;

/** Around a query, so that its direction leaves the words around it in order. */
const ISOLATE = '\u2068';
const END = '\u2069';

export interface View {
  readonly problem: Problem | null;
  /** `empty`: there is nothing, and nothing on its way. `none`: nothing can be known. */
  readonly kind: 'photos' | 'empty' | 'none';
  readonly heading: string;
  /** Whether an answer is on its way. */
  readonly busy: boolean;
  readonly photos: readonly Photo[];
  /** Photos that are less likely to be meant. */
  readonly others: readonly Photo[];
  /** Places held for photos to come, and before which photo. */
  readonly places: number;
  readonly placesAt: number;
}

export function viewOf(state: AppState): View {
  const { model, library, indexing, search } = state;
  const problem = model.kind === 'failed' ? model.problem : search.problem;
  const coming = indexing.status === 'idle' ? 0 : indexing.total - indexing.done;
  const busy = search.status === 'running' || search.status === 'waiting';
  const kind = problem === null ? 'photos' : 'none';
  if (search.query !== null) return { problem, kind, busy, ...resultsOf(search, state) };
  if (library === null) {
    const places = Math.min(state.expected || MOST_PLACES, MOST_PLACES);
    return {
      problem,
      kind,
      busy,
      heading: 'All photos',
      photos: [],
      others: [],
      places,
      placesAt: 0,
    };
  }
  // Photos of the run under way come first, and the places for those to come after them.
  const fresh = library.findIndex((photo) => photo.added < indexing.stamp);
  return {
    problem,
    busy,
    kind: library.length + coming === 0 ? 'empty' : kind,
    heading: 'All photos',
    photos: library,
    others: [],
    places: Math.min(coming, MOST_PLACES),
    placesAt: fresh === -1 ? library.length : fresh,
  };
}

function resultsOf(
  { query, status, photos, others }: SearchState,
  { library, expected }: AppState,
): Pick<View, 'heading' | 'photos' | 'others' | 'places' | 'placesAt'> {
  const settled = status === 'done' || status === 'failed';
  const places = settled || photos.length > 0 ? 0 : (library?.length ?? expected);
  return {
    heading: headingOf(query),
    photos,
    others,
    places: Math.min(places, MOST_PLACES),
    placesAt: 0,
  };
}

/** The same before and after the answer: a heading that flickers while one types is no help. */
function headingOf(query: SearchState['query']): string {
  if (query === null) return 'All photos';
  return query.kind === 'text'
    ? `Best matches for “${ISOLATE}${query.text.trim()}${END}”`
    : 'Photos like this picture';
}
