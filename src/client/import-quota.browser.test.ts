import { afterEach, beforeEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { isPhotoglotError } from '../errors';
import { sourceOf } from '../exchange/test-workers/sample-rows';
import { writePortable } from '../exchange/write-portable';
import { LocalLens } from './lens';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { lensParts } from './test-workers/lens-parts';

const { origin } = globalThis.location;
const encoders = new HashEncoders();
const lens = new LocalLens(lensParts(encoders, spawnStoreWorker));

beforeEach(async () => {
  // Chromium remembers for a while how much room a site had: it has to forget the site first.
  await devtools('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await devtools('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4_000_000 });
});

afterEach(async () => {
  await devtools('Storage.overrideQuotaForOrigin', { origin });
  await lens.drop('photos');
  await lens.dispose();
});

test('an import that finds the disk full leaves all as it was', async () => {
  const photos = await lens.open('photos');
  await photos.add([{ id: 'here', vector: encoders.vectorOf('here') }]);
  const file = await largeFile();
  const code = await lens.importCollection('photos', file, { replace: true }).then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
  );
  expect(code).toBe('quota-exceeded');
  expect((await lens.collections()).map(({ name }) => name)).toEqual(['photos']);
  expect(await photos.vector('here')).toEqual(encoders.vectorOf('here'));
  // As if the user had made room.
  await devtools('Storage.overrideQuotaForOrigin', { origin });
  await lens.importCollection('photos', file, { replace: true });
  expect(await photos.ids()).toEqual(['a', 'b']);
  expect((await photos.original('b'))?.size).toBe(20_000_000);
});

/** A collection whose second item has an original of 20 MB. */
async function largeFile(): Promise<Blob> {
  const items = ['a', 'b'].map((id) => ({ id, meta: {}, fields: {} }));
  const original = new Blob([new Uint8Array(20_000_000)]);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const source = sourceOf(items, new Map([['b', { original }]]), encoders.dimension);
  for await (const piece of writePortable(source)) pieces.push(piece);
  return new Blob(pieces);
}

function devtools(method: string, parameters: object): Promise<unknown> {
  // The provider's types, which add `send`, are not loaded in this project.
  const session = cdp() as unknown as {
    send(method: string, parameters: object): Promise<unknown>;
  };
  return session.send(method, parameters);
}
