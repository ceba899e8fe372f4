import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPhotoglotError, PhotoglotError } from '../errors';
import type { RowProgress } from '../protocol/store-contract';
import type { Collection, Lens } from './api';
import { LocalLens } from './lens';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { lensParts } from './test-workers/lens-parts';

/** Another model: the same content has another vector. */
class NewerEncoders extends HashEncoders {
  override vectorOf(content: string): Float32Array<ArrayBuffer> {
    return super.vectorOf(`newer ${content}`);
  }
}

const older = new HashEncoders('hash@1');
let newer: NewerEncoders;
let lens: Lens;
let newLens: Lens;
let photos: Collection;

beforeEach(async () => {
  newer = new NewerEncoders('hash@2');
  [lens, newLens] = [storeLens(older), storeLens(newer)];
  photos = await lens.open(`reembed ${crypto.randomUUID()}`, { keepOriginals: true });
});

afterEach(async () => {
  await lens.drop(photos.name);
  await Promise.all([lens.dispose(), newLens.dispose()]);
});

function storeLens(encoders: HashEncoders): Lens {
  return new LocalLens(lensParts(encoders, spawnStoreWorker));
}

function file(content: string): File {
  return new File([content], `${content}.jpg`, { lastModified: 1 });
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
  );
}

/** As it was: of the older model, with its vectors. */
async function expectUntouched(ids: readonly string[]): Promise<void> {
  const tab = storeLens(older);
  const same = await tab.open(photos.name);
  expect(await same.ids()).toEqual(ids);
  expect(await same.vector('a')).toEqual(older.vectorOf('photo a'));
  await tab.dispose();
}

test('encodes originals and texts anew, and keeps all else of them', async () => {
  await photos.add([
    { id: 'a', image: file('photo a'), meta: { album: 'x' }, fields: { caption: 'not this' } },
    { id: 'b', text: 'ein Hund', fields: { title: 'nor this' } },
    { id: 'c', fields: { title: 'cat', body: 'sleeps' } },
    ...Array.from({ length: 20 }, (_, index) => ({ id: `t ${index}`, text: `text ${index}` })),
  ]);
  const item = await photos.get('a');
  expect(await codeOf(newLens.open(photos.name))).toBe('model-mismatch');
  const steps: RowProgress[] = [];
  const report = await newLens.reembed(photos.name, { onProgress: (step) => steps.push(step) });
  expect(report).toEqual({ reembedded: 23, left: [] });
  expect(steps[0]).toEqual({ done: newer.batch, total: 23 });
  expect(steps.at(-1)).toEqual({ done: 23, total: 23 });
  const renewed = await newLens.open(photos.name);
  expect(await renewed.ids()).toEqual(['a', 'b', 'c', ...(await renewed.ids()).slice(3)]);
  expect(await renewed.vector('a')).toEqual(newer.vectorOf('photo a'));
  expect(await renewed.vector('b')).toEqual(newer.vectorOf('ein Hund'));
  expect(await renewed.vector('c')).toEqual(newer.vectorOf('cat\nsleeps'));
  expect(await renewed.get('a')).toEqual(item);
  expect(await (await renewed.original('a'))?.text()).toBe('photo a');
  expect(await (await renewed.thumbnail('a'))?.text()).toBe('320 px of photo a');
  const found = await renewed.search('text 7', { limit: 1 });
  expect(found.hits[0]?.id).toBe('t 7');
  expect(await codeOf(lens.open(photos.name))).toBe('model-mismatch');
});

/** Three that cannot be encoded, and one that can. */
async function addSomeLeft(): Promise<void> {
  await photos.add([
    { id: 'a', image: file('photo a') },
    { id: 'vector only', vector: older.vectorOf('x') },
    { id: 'was good', image: file('soon') },
  ]);
  const plain = await lens.open(photos.name);
  await plain.add([{ id: 'no original', image: file('photo b'), fields: { caption: 'b' } }]);
  newer.before = (asked) =>
    asked.includes('soon')
      ? Promise.reject(new PhotoglotError('decode-failed', 'Not any more.'))
      : Promise.resolve();
}

test('leaves all as it was when something cannot be encoded', async () => {
  await addSomeLeft();
  await photos.add(texts(12));
  const ids = await photos.ids();
  const refused = newLens.reembed(photos.name);
  await expect(refused).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(refused).rejects.toThrow(/^At least 3 of the 16 items of "reembed .*discardLeft/);
  await expectUntouched(ids);
  // Nothing was encoded once that was known.
  expect(newer.calls.flat()).not.toContain('text 11');
});

test('goes on without what cannot be encoded when told to, and reports it', async () => {
  await addSomeLeft();
  const { reembedded, left } = await newLens.reembed(photos.name, { discardLeft: true });
  expect(reembedded).toBe(1);
  expect(left.map(({ id, code }) => [id, code])).toEqual([
    ['vector only', 'not-found'],
    ['was good', 'decode-failed'],
    ['no original', 'not-found'],
  ]);
  expect(await (await newLens.open(photos.name)).ids()).toEqual(['a']);
});

test('that fails as a whole, or is aborted, changes nothing', async () => {
  await photos.add([{ id: 'a', image: file('photo a') }, ...texts(12)]);
  const ids = await photos.ids();
  let calls = 0;
  newer.before = () => {
    if (++calls < 3) return Promise.resolve();
    return Promise.reject(new PhotoglotError('device-lost', 'The device was lost.'));
  };
  expect(await codeOf(newLens.reembed(photos.name))).toBe('device-lost');
  expect(calls).toBeGreaterThan(2);
  await expectUntouched(ids);
  newer.before = () => Promise.resolve();
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = newLens.reembed(photos.name, { signal, onProgress: () => controller.abort() });
  expect(await codeOf(aborted)).toBe('aborted');
  await expectUntouched(ids);
  // It works again.
  expect((await newLens.reembed(photos.name)).reembedded).toBe(13);
});

test('makes way for a change of the collection', async () => {
  await photos.add([{ id: 'a', image: file('photo a') }, ...texts(12)]);
  newer.before = async () => {
    await photos.add([{ id: 'meanwhile', text: 'new' }]);
  };
  expect(await codeOf(newLens.reembed(photos.name))).toBe('in-use');
  // It is seen before the next batch.
  expect(newer.calls.flat()).toHaveLength(newer.batch);
  await expectUntouched(await photos.ids());
  expect(await photos.count()).toBe(14);
});

test('has nothing to do for the same model, or without a collection', async () => {
  await photos.add(texts(2));
  expect(await lens.reembed(photos.name)).toEqual({ reembedded: 0, left: [] });
  expect(await photos.count()).toBe(2);
  expect(await codeOf(newLens.reembed('none of that name'))).toBe('not-found');
});

function texts(count: number) {
  return Array.from({ length: count }, (_, index) => ({ id: `t ${index}`, text: `text ${index}` }));
}
