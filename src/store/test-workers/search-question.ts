/** Searches as data, and whether what a store found is what a plain scan finds. */
import type { StoreHit } from '../../protocol/store-contract';
import type { Where } from '../../protocol/where';
import { isSame, shortened, type Tolerance } from './collection-content';
import { idOf, vectorOf, type PlainItem } from './operations';
import type { Reference } from './reference';
import type { Tab } from './store-harness';

interface Selection {
  readonly where: Where | null;
  readonly selects: (item: PlainItem) => boolean;
}

/** Filters, and what they select in other words. */
const SELECTIONS = {
  all: { where: null, selects: () => true },
  'kind is b': { where: { kind: 'b' }, selects: ({ number }) => number % 3 === 1 },
  'number 10 to 60': {
    where: { number: { gte: 10, lt: 60 } },
    selects: ({ number }) => number >= 10 && number < 60,
  },
  'has a note': { where: { note: { exists: true } }, selects: ({ meta }) => 'note' in meta },
  'tagged n3, or seed 0': {
    where: { or: [{ tags: { has: 'n3' } }, { seed: 0 }] },
    selects: ({ number, meta }) => number % 7 === 3 || meta.seed === 0,
  },
  'not kind a, not note 1': {
    where: { not: [{ kind: 'a' }, { 'note 1': true }] },
    selects: ({ number, meta }) => number % 3 !== 0 && !('note 1' in meta),
  },
  none: { where: { kind: 'd' }, selects: () => false },
} as const satisfies Record<string, Selection>;

export type SelectionName = keyof typeof SELECTIONS;

export const SELECTION_NAMES = Object.keys(SELECTIONS) as readonly SelectionName[];

export interface Question {
  /** The query is the vector of this item under this seed. */
  readonly number: number;
  readonly seed: number;
  readonly limit: number;
  readonly selection: SelectionName;
}

export function questionText({ number, seed, limit, selection }: Question): string {
  return `search ${limit} near ${number} of seed ${seed}, ${selection}`;
}

export async function ask(tab: Tab, question: Question): Promise<readonly StoreHit[]> {
  const { number, seed, limit, selection } = question;
  const { where } = SELECTIONS[selection];
  return tab.call('search', { vector: vectorOf(number, seed), limit, where });
}

/**
 * What is wrong with the hits: each has to be an item as it is, once and with its score; the best first,
 * those of one score in the order of adding; as many as there may be, and none that is left out may be
 * better than one that is there.
 *
 * @param ids in the store's order
 */
export function hitProblems(
  question: Question,
  hits: readonly StoreHit[],
  reference: Reference,
  ids: readonly string[],
  tolerance: Tolerance,
): readonly string[] {
  const { selects } = SELECTIONS[question.selection];
  const query = vectorOf(question.number, question.seed);
  const open = new Map(
    reference.items
      .filter(selects)
      .map((item) => [idOf(item.number), { item, score: scoreOf(query, item) }]),
  );
  const problems: string[] = [];
  const wanted = Math.min(question.limit, open.size);
  if (hits.length !== wanted) problems.push(`${hits.length} hits, not ${wanted}`);

  const placeOf = new Map(ids.map((id, place) => [id, place]));
  let worst = Infinity;
  let previous: StoreHit | null = null;
  for (const hit of hits) {
    const expected = open.get(hit.id);
    if (expected === undefined) {
      problems.push(`${hit.id} is a hit twice, or should not be one`);
      continue;
    }
    open.delete(hit.id);
    const { item, score } = expected;
    if (!isSame(hit.meta, item.meta) || !isSame(hit.fields, item.fields)) {
      problems.push(`${hit.id}: meta or fields of something else`);
    }
    if (!(Math.abs(hit.score - score) <= tolerance.score)) {
      problems.push(`${hit.id}: score ${hit.score}, not ${score}`);
    }
    if (previous !== null && !isBefore(previous, hit, placeOf)) {
      problems.push(`${previous.id} (${previous.score}) before ${hit.id} (${hit.score})`);
    }
    worst = Math.min(worst, score);
    previous = hit;
  }
  for (const [id, { score }] of hits.length === 0 ? [] : open) {
    if (score > worst + 2 * tolerance.score) problems.push(`${id} is missing: ${score} > ${worst}`);
  }
  return shortened(problems).map((problem) => `${questionText(question)}: ${problem}`);
}

function isBefore(left: StoreHit, right: StoreHit, placeOf: ReadonlyMap<string, number>): boolean {
  if (left.score !== right.score) return left.score > right.score;
  return (placeOf.get(left.id) ?? NaN) < (placeOf.get(right.id) ?? NaN);
}

function scoreOf(query: Float32Array, { number, vectorSeed }: PlainItem): number {
  const vector = vectorOf(number, vectorSeed);
  return vector.reduce((sum, value, index) => sum + value * (query[index] ?? NaN), 0);
}
