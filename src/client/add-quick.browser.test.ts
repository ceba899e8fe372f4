/** `add` in two passes: what is stored when, and what is told. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import type { StoreContract } from '../protocol/store-contract';
import type { AddProgress, AddResult, Collection } from './api';
import { openCollection } from './open-collection';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { WorkerLink } from './worker-link';

let store: WorkerLink<StoreContract>;
let encoders: HashEncoders;
let photos: Collection;
let worker: Worker | null;

beforeEach(async () => {
  store = newStore();
  encoders = new HashEncoders();
  encoders.quickPatches = 128;
  photos = await openCollection({ name: `q ${crypto.randomUUID()}`, encoders, store });
});

afterEach(async () => {
  const cleaner = newStore();
  await cleaner.call('drop', { collection: photos.name });
  cleaner.dispose();
  store.dispose();
});

function newStore(): WorkerLink<StoreContract> {
  return new WorkerLink<StoreContract>(() => (worker = spawnStoreWorker()));
}

const file = (content: string): File => new File([content], `${content}.jpg`);
const pictures = (...contents: readonly string[]) =>
  contents.map((content) => ({ id: content, image: file(content) }));
const isRough = async (id: string): Promise<boolean> => (await photos.get(id))?.rough === true;

/** Ends the call in its second pass, at the batch with `content`. */
async function addUntil(content: string, contents: readonly string[]): Promise<void> {
  const controller = new AbortController();
  encoders.before = (asked) => {
    if (isSecond(asked) && asked.includes(content)) controller.abort();
    return Promise.resolve();
  };
  const options = { quick: true, signal: controller.signal };
  await expect(photos.add(pictures(...contents), options)).rejects.toMatchObject({
    code: 'aborted',
  });
  encoders.before = () => Promise.resolve();
}

/** Whether the content was asked for before. */
function isSecond(asked: readonly string[]): boolean {
  return encoders.calls.filter((call) => call.includes(asked[0] ?? '')).length > 1;
}

test('every picture can be found by a rough vector before any is encoded again', async () => {
  const contents = ['a', 'b', 'c', 'd', 'e', 'f'];
  const reports: AddProgress[] = [];
  let early: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const { hits } = await photos.search({ vector: encoders.roughVectorOf('f') });
    expect(hits.map(({ id }) => id)).toHaveLength(6);
    expect(hits[0]).toMatchObject({ id: 'f', rough: true });
    expect(hits[0]?.score).toBeCloseTo(1, 5);
    expect(await photos.vector('a')).toEqual(encoders.roughVectorOf('a'));
  };
  encoders.before = async (asked) => {
    // The second pass waits until the first one's result was looked at.
    if (isSecond(asked)) await (early ??= look());
  };
  const options = { quick: true, onProgress: (report: AddProgress) => reports.push(report) };
  const result = await photos.add(pictures(...contents), options);
  await early;
  expect(early).toBeDefined();
  expect(result).toMatchObject({
    added: contents,
    skipped: [],
    failed: [],
    refined: [],
    rough: [],
  });
  expect(encoders.calls).toEqual([
    ['a', 'b', 'c', 'd'],
    ['e', 'f'],
    ['a', 'b', 'c', 'd'],
    ['e', 'f'],
  ]);
  expect(encoders.priorities).toEqual(new Set(['index', 'idle']));
  for (const id of contents) expect(await photos.vector(id)).toEqual(encoders.vectorOf(id));
  expect(await Promise.all(contents.map(isRough))).toEqual(contents.map(() => false));
  expect(await photos.count()).toBe(6);
  expect(await (await photos.thumbnail('a'))?.text()).toBe('320 px of a');

  const figures = reports.map(({ done, rough }) => [done, rough]);
  expect(figures).toContainEqual([6, 6]);
  expect(figures).toContainEqual([6, 2]);
  expect(reports.at(-1)).toMatchObject({ done: 6, total: 6, rough: 0, remaining: 0 });
  // The second pass has a rate of its own.
  const last = reports.filter(({ rough }) => rough === 2).at(-1);
  expect(last?.rate).toBeGreaterThan(0);
  expect(last?.remaining).toBeGreaterThan(0);
});

test('what was changed or deleted between the passes stays so', async () => {
  encoders.before = async (asked) => {
    if (!isSecond(asked)) return;
    await photos.update('a', { meta: { star: true } });
    await photos.delete('b');
  };
  const result = await photos.add(pictures('a', 'b'), { quick: true });
  expect(result).toMatchObject({ added: ['a', 'b'], skipped: [], rough: [] });
  expect(await photos.ids()).toEqual(['a']);
  expect((await photos.get('a'))?.meta).toMatchObject({ star: true, name: 'a.jpg' });
  expect(await photos.vector('a')).toEqual(encoders.vectorOf('a'));
});

test('what is gone, or was refined by others, is not encoded again', async () => {
  const contents = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'];
  encoders.before = async (asked) => {
    // The first batch of the second pass: two more may be on their way.
    if (!isSecond(asked) || !asked.includes('a')) return;
    await photos.delete(['a', 'm']);
  };
  const result = await photos.add(pictures(...contents), { quick: true });
  expect(result).toMatchObject({ added: contents, skipped: [], failed: [], rough: [] });
  expect(encoders.calls.filter((call) => call.includes('m'))).toHaveLength(1);
  expect(await photos.count()).toBe(contents.length - 2);
});

test('texts, and pictures with a vector of their own, need one pass', async () => {
  const vector = encoders.vectorOf('given');
  const items = [
    { id: 'text', text: 'a dog' },
    { id: 'vector', vector },
    { id: 'both', image: file('p'), vector },
  ];
  const { added } = await photos.add(items, { quick: true });
  expect(added).toHaveLength(3);
  expect(encoders.calls.flat().sort()).toEqual(['a dog', 'p']);
  expect(await photos.vector('both')).toEqual(vector);
  expect(await isRough('both')).toBe(false);
});

test('a model of one size only needs one pass', async () => {
  encoders.quickPatches = null;
  const reports: AddProgress[] = [];
  const onProgress = (report: AddProgress): void => void reports.push(report);
  const { added } = await photos.add(pictures('a', 'b'), { quick: true, onProgress });
  expect(added).toEqual(['a', 'b']);
  expect(encoders.calls).toEqual([['a', 'b']]);
  expect(encoders.priorities).toEqual(new Set(['index']));
  expect(await photos.vector('a')).toEqual(encoders.vectorOf('a'));
  expect(reports.every(({ rough }) => rough === 0)).toBe(true);
});

test.each([true, false])(
  'an abort in the second pass keeps the first, and adding again (quick: %s) makes up for it',
  async (quick) => {
    const contents = ['a', 'b', 'c', 'd', 'e', 'f'];
    await addUntil('e', contents);
    expect(await photos.count()).toBe(6);
    expect(await isRough('e')).toBe(true);
    expect(await photos.vector('e')).toEqual(encoders.roughVectorOf('e'));
    const rough = [];
    for (const id of contents) if (await isRough(id)) rough.push(id);
    // As after a reload.
    store.dispose();
    store = newStore();
    photos = await openCollection({ name: photos.name, encoders, store });
    encoders.calls.length = 0;
    encoders.priorities.clear();
    const reports: AddProgress[] = [];
    const onProgress = (report: AddProgress): void => void reports.push(report);
    const again = await photos.add(pictures(...contents, 'new'), { quick, onProgress });
    expect(again).toMatchObject({ added: ['new'], refined: rough, failed: [], rough: [] });
    expect(again.skipped).toHaveLength(6 - rough.length);
    const asked = [...(quick ? ['new'] : []), 'new', ...rough];
    expect(encoders.calls.flat().sort()).toEqual(asked.sort());
    expect(encoders.priorities).toEqual(new Set(quick ? ['index', 'idle'] : ['index']));
    for (const id of contents) expect(await photos.vector(id)).toEqual(encoders.vectorOf(id));
    expect(reports.at(-1)).toMatchObject({ done: 7, total: 7, rough: 0 });
    expect((await photos.add(pictures(...contents))).skipped).toHaveLength(6);
  },
);

test('files are known by their content, and rough items without their picture are left alone', async () => {
  await addUntil('a', ['a']);
  const { added } = await photos.add([file('b')], { quick: true });
  expect(added).toHaveLength(1);
  encoders.calls.length = 0;
  const again = await photos.add([{ id: 'a', text: 'no picture' }, file('b')]);
  expect(again.skipped.map(({ reason }) => reason)).toEqual(['exists', 'exists']);
  expect(encoders.calls).toEqual([]);
  expect(await isRough('a')).toBe(true);
});

test('two calls at once refine an item once', async () => {
  await addUntil('a', ['a', 'b']);
  const results = await Promise.all([
    photos.add(pictures('a', 'b')),
    photos.add(pictures('a', 'b'), { quick: true }),
  ]);
  const told = ({ refined, skipped }: AddResult): string[] => [
    ...refined,
    ...skipped.map(({ id }) => id),
  ];
  for (const result of results) expect(told(result).sort()).toEqual(['a', 'b']);
  expect(results.flatMap(({ refined }) => refined).sort()).toEqual(['a', 'b']);
});

test('an item whose second pass fails is told, and stays rough', async () => {
  encoders.before = (asked) =>
    isSecond(asked) && asked.includes('bomb')
      ? Promise.reject(new PhotoglotError('out-of-memory', 'too much'))
      : Promise.resolve();
  const result = await photos.add(pictures('a', 'bomb', 'c'), { quick: true });
  const failure = { code: 'out-of-memory', message: 'too much' };
  expect(result).toMatchObject({ added: ['a', 'bomb', 'c'], failed: [] });
  expect(result.rough).toEqual([{ id: 'bomb', ...failure }]);
  expect(await Promise.all(['a', 'bomb', 'c'].map(isRough))).toEqual([false, true, false]);
  const again = await photos.add(pictures('bomb'));
  expect(again).toMatchObject({ added: [], refined: [], failed: [failure] });
  expect(again.rough).toEqual([{ id: 'bomb', ...failure }]);
});

test('without its model the second pass ends at once', async () => {
  encoders.before = (asked) =>
    isSecond(asked) ? Promise.reject(new PhotoglotError('network', 'offline')) : Promise.resolve();
  const contents = Array.from({ length: 40 }, (_, index) => `p${index}`);
  const { added, rough } = await photos.add(pictures(...contents), { quick: true });
  expect([added.length, rough.length]).toEqual([40, 40]);
  expect(new Set(rough.map(({ code }) => code))).toEqual(new Set(['network']));
  expect(encoders.calls.length).toBeLessThan(14);
});

test('goes on when the store’s worker dies in the second pass', async () => {
  let isFirst = true;
  encoders.before = (asked) => {
    if (isSecond(asked) && isFirst) {
      worker?.terminate();
      isFirst = false;
    }
    return Promise.resolve();
  };
  const { rough } = await photos.add(pictures('a', 'b', 'c', 'd', 'e'), { quick: true });
  expect([isFirst, rough]).toEqual([false, []]);
  for (const id of ['a', 'e']) expect(await photos.vector(id)).toEqual(encoders.vectorOf(id));
});
