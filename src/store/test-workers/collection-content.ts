/** All that a collection holds, as a store tells it, and what is wrong with it. */
import type { Detail, ItemRecord } from '../../protocol/store-contract';
import { idOf, vectorOf, type PlainItem } from './operations';
import type { Reference } from './reference';
import { exported } from './run-operation';
import { DIMENSION, type Tab } from './store-harness';

/** How far numbers may be off: rounding, and once they are packed the precision of what keeps them. */
export interface Tolerance {
  /** Of each number of a vector. */
  readonly component: number;
  /** Of a score. */
  readonly score: number;
}

export const FLOAT32_TOLERANCE: Tolerance = { component: 1e-6, score: 1e-5 };
export const FLOAT16_TOLERANCE: Tolerance = { component: 1e-3, score: 2e-3 };

export interface Content {
  readonly count: number;
  readonly ids: readonly string[];
  readonly details: readonly (Detail | null)[];
  /** Line by line of an export. */
  readonly rows: readonly (ItemRecord & { readonly vector: readonly number[] })[];
  /** Of some items, read one by one. */
  readonly singles: ReadonlyMap<
    string,
    { readonly item: ItemRecord | null; readonly vector: readonly number[] }
  >;
  /** Content of the pictures of the items that were named. */
  readonly pictures: ReadonlyMap<
    string,
    { readonly thumbnail: string | null; readonly original: string | null }
  >;
}

/** Items that are read one by one. */
const SINGLES = 16;
/** Problems that are listed. */
const MOST_PROBLEMS = 8;

/** @param pictured ids whose pictures are read */
export async function readContent(tab: Tab, pictured: Iterable<string>): Promise<Content> {
  const ids = await tab.call('ids', {});
  const text = new TextDecoder().decode(await exported(tab, 'jsonl'));
  const step = Math.max(1, Math.floor(ids.length / SINGLES));
  const singles = ids.filter((_, index) => index % step === 0 || index === ids.length - 1);
  return {
    count: await tab.call('count', {}),
    ids,
    details: await tab.call('details', { ids }),
    rows: text.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as never))),
    singles: new Map(
      await inTurn(singles, async (id) => ({
        item: await tab.call('get', { id }),
        vector: [...((await tab.call('vector', { id })) ?? [])],
      })),
    ),
    pictures: new Map(
      await inTurn([...new Set(pictured)], async (id) => ({
        thumbnail: (await (await tab.call('thumbnail', { id }))?.text()) ?? null,
        original: (await (await tab.call('original', { id }))?.text()) ?? null,
      })),
    ),
  };
}

/** Ids of items that have pictures, or should not have any: to be read for a comparison. */
export function picturedIds(references: readonly Reference[]): string[] {
  return references.flatMap(({ items }) =>
    items.filter(({ number }) => number % 4 === 0).map(({ number }) => idOf(number)),
  );
}

/** How the content differs from the reference, in words; empty when it does not. */
export function differences(
  content: Content,
  reference: Reference,
  tolerance: Tolerance,
): readonly string[] {
  const problems: string[] = [];
  const { items } = reference;
  const expected = new Map(items.map((item) => [idOf(item.number), item]));
  const { ids, rows } = content;

  if (content.count !== items.length) problems.push(`count ${content.count}, not ${items.length}`);
  problems.push(...idDifferences(ids, reference));
  problems.push(
    ...idProblems(
      'export',
      rows.map(({ id }) => id),
      expected,
    ),
  );

  ids.forEach((id, index) => {
    const item = expected.get(id);
    const detail = content.details[index];
    if (item !== undefined && detail !== (item.rough ? 'rough' : 'full')) {
      problems.push(`${id}: detail ${String(detail)}`);
    }
  });
  for (const row of rows) {
    problems.push(...itemProblems('export', row, row.vector, expected.get(row.id), tolerance));
  }
  for (const [id, { item, vector }] of content.singles) {
    if (item === null) problems.push(`${id}: listed, but get finds nothing`);
    else problems.push(...itemProblems('get', item, vector, expected.get(id), tolerance));
  }
  for (const [id, pictures] of content.pictures) {
    const { thumbnail = null, original = null } = expected.get(id) ?? {};
    if (pictures.thumbnail !== thumbnail) {
      problems.push(`${id}: thumbnail ${String(pictures.thumbnail)}, not ${String(thumbnail)}`);
    }
    if (pictures.original !== original) {
      problems.push(`${id}: original ${String(pictures.original)}, not ${String(original)}`);
    }
  }
  return shortened(problems);
}

/** How ids differ from those of the reference. */
export function idDifferences(ids: readonly string[], { items }: Reference): readonly string[] {
  const expected = new Map(items.map((item) => [idOf(item.number), item]));
  const problems = idProblems('ids', ids, expected);
  return problems.length > 0 ? problems : orderProblems(ids, expected);
}

/**
 * The first of the candidates that the content equals; if none, the one that it is most like, and how it
 * differs from that.
 */
export function settle(
  content: Content,
  candidates: readonly Reference[],
  tolerance: Tolerance,
): { readonly reference: Reference; readonly problems: readonly string[] } {
  const judged = candidates.map((reference) => ({
    reference,
    problems: differences(content, reference, tolerance),
  }));
  const [best] = judged.sort((left, right) => left.problems.length - right.problems.length);
  if (best === undefined) throw new Error('There is no candidate.');
  return best;
}

function idProblems(
  source: string,
  ids: readonly string[],
  expected: ReadonlyMap<string, unknown>,
): string[] {
  const found = new Set(ids);
  const missing = [...expected.keys()].filter((id) => !found.has(id));
  const foreign = [...found].filter((id) => !expected.has(id));
  return [
    ...(found.size === ids.length ? [] : [`${source}: ${ids.length - found.size} ids twice`]),
    ...(missing.length === 0 ? [] : [`${source}: ${missing.length} missing: ${some(missing)}`]),
    ...(foreign.length === 0 ? [] : [`${source}: ${foreign.length} too many: ${some(foreign)}`]),
  ];
}

/** The order of adding; an item that was updated may have moved. */
function orderProblems(ids: readonly string[], expected: ReadonlyMap<string, PlainItem>): string[] {
  const isFixed = (id: string): boolean => expected.get(id)?.isUpdated === false;
  const found = ids.filter(isFixed);
  const wanted = [...expected.keys()].filter(isFixed);
  const wrong = wanted.findIndex((id, index) => found[index] !== id);
  return wrong === -1
    ? []
    : [`order: ${found[wrong] ?? 'nothing'} instead of ${wanted[wrong] ?? ''}`];
}

function itemProblems(
  source: string,
  { id, meta, fields, rough = false }: Omit<ItemRecord, 'rough'> & { readonly rough?: boolean },
  vector: readonly number[],
  expected: PlainItem | undefined,
  { component }: Tolerance,
): string[] {
  // Said by `idProblems`.
  if (expected === undefined) return [];
  const problems: string[] = [];
  if (!isSame(meta, expected.meta)) {
    problems.push(
      `${source} ${id}: meta ${JSON.stringify(meta)}, not ${JSON.stringify(expected.meta)}`,
    );
  }
  if (!isSame(fields, expected.fields)) {
    problems.push(
      `${source} ${id}: fields ${JSON.stringify(fields)}, not ${JSON.stringify(expected.fields)}`,
    );
  }
  if (rough !== expected.rough) problems.push(`${source} ${id}: rough ${String(rough)}`);
  const wanted = vectorOf(expected.number, expected.vectorSeed);
  const isNear = (value: number, index: number): boolean =>
    Math.abs(value - (wanted[index] ?? NaN)) <= component;
  if (vector.length !== DIMENSION || !vector.every(isNear)) {
    problems.push(`${source} ${id}: another vector than that of seed ${expected.vectorSeed}`);
  }
  return problems;
}

/** Whether two objects hold the same, in whatever order of keys. */
export function isSame(left: object, right: object): boolean {
  const sorted = (object: object): string =>
    JSON.stringify(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
  return sorted(left) === sorted(right);
}

/** The first of them, and how many more there are. */
export function shortened(problems: readonly string[]): readonly string[] {
  if (problems.length <= MOST_PROBLEMS) return problems;
  const more = `… and ${problems.length - MOST_PROBLEMS} more`;
  return [...problems.slice(0, MOST_PROBLEMS), more];
}

function some(ids: readonly string[]): string {
  return ids.length <= 3 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')}, …`;
}

async function inTurn<Key, Value>(
  keys: readonly Key[],
  read: (key: Key) => Promise<Value>,
): Promise<[Key, Value][]> {
  const entries: [Key, Value][] = [];
  for (const key of keys) entries.push([key, await read(key)]);
  return entries;
}
