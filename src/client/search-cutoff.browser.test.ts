import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { StoreContract } from '../protocol/store-contract';
import type { Collection } from './api';
import { openCollection } from './open-collection';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { WorkerLink } from './worker-link';

let store: WorkerLink<StoreContract>;
let encoders: HashEncoders;
let photos: Collection;

beforeEach(async () => {
  store = new WorkerLink<StoreContract>(spawnStoreWorker);
  encoders = new HashEncoders();
  photos = await openCollection({ name: `c ${crypto.randomUUID()}`, encoders, store });
  await photos.add(['dog', 'cat', 'car'].map((text) => ({ id: text, text })));
});

afterEach(async () => {
  await store.call('drop', { collection: photos.name });
  store.dispose();
});

function calibrate(): void {
  const background = new Float32Array(encoders.dimension);
  background[0] = 1;
  encoders.calibration = { background, scale: 40, bias: -36 };
}

test('a model that is calibrated finds little, or nothing', async () => {
  calibrate();
  const { hits, omitted } = await photos.search('dog');
  expect([hits.map(({ id }) => id), omitted]).toEqual([['dog'], 2]);
  expect(hits[0]?.confidence).toBeGreaterThan(0.9);
  expect(hits[0]?.score).toBeCloseTo(1, 5);
  expect(await photos.search('unicorn')).toEqual({
    hits: [],
    omitted: 3,
    missing: [],
    nextCursor: null,
  });
});

test('without a cutoff it finds the nearest, and says how sure it is', async () => {
  calibrate();
  const { hits, omitted } = await photos.search('unicorn', { cutoff: 0 });
  expect([hits.length, omitted]).toEqual([3, 0]);
  for (const { confidence } of hits) expect(confidence).toBeLessThan(0.5);
  expect((await photos.search('dog', { limit: 2, cutoff: 0.99 })).omitted).toBe(1);
});

test('a model that is not is cut only when it is asked for', async () => {
  const { hits, omitted } = await photos.search('unicorn');
  expect([hits.map(({ confidence }) => confidence), omitted]).toEqual([[0.5, 0.5, 0.5], 0]);
  expect((await photos.search('unicorn', { cutoff: 0.6 })).omitted).toBe(3);
});

test.each([-1, 2, NaN])('a cutoff of %d is refused, before anything is encoded', async (cutoff) => {
  encoders.calls.length = 0;
  const code = await photos.search('dog', { cutoff }).then(
    () => 'resolved',
    (thrown: unknown) => isPhotoglotError(thrown) && thrown.code,
  );
  expect(code).toBe('invalid-input');
  expect(encoders.calls).toEqual([]);
});
