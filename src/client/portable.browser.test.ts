import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import { faultyCopies } from '../exchange/test-workers/mutations';
import type { CollectionSummary, RowProgress } from '../protocol/store-contract';
import type { Collection, Lens } from './api';
import { LocalLens } from './lens';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { lensParts } from './test-workers/lens-parts';

/** The last record of a file: tag, length, SHA-256 and checksum. */
const DONE_BYTES = 44;

const encoders = new HashEncoders();
let lenses: Lens[] = [];
let names: string[] = [];
let worker: Worker | null = null;
let lens: Lens;
let photos: Collection;

beforeEach(async () => {
  lens = newTab();
  photos = await lens.open(newName(), { keepOriginals: true });
});

afterEach(async () => {
  const cleaner = newTab();
  for (const name of names) await cleaner.drop(name);
  for (const each of lenses) await each.dispose();
  [lenses, names] = [[], []];
});

function newTab(): Lens {
  const tab = new LocalLens(lensParts(encoders, () => (worker = spawnStoreWorker())));
  lenses.push(tab);
  return tab;
}

function newName(): string {
  const name = `portable ${crypto.randomUUID()}`;
  names.push(name);
  return name;
}

function files(prefix: string, count: number): File[] {
  return Array.from(
    { length: count },
    (_, index) => new File([`${prefix} ${index}`], `${index}.jpg`, { lastModified: index }),
  );
}

/** Items that need no model: many of them are quick. */
function vectors(prefix: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `${prefix} ${index}`,
    vector: encoders.vectorOf(`${prefix} ${index}`),
    meta: { index },
  }));
}

/** All that a collection holds. */
async function contentOf(collection: Collection): Promise<unknown[]> {
  const ids = await collection.ids();
  return Promise.all(
    ids.map(async (id) => {
      const original = await collection.original(id);
      return {
        item: await collection.get(id),
        vector: await collection.vector(id),
        thumbnail: await (await collection.thumbnail(id))?.text(),
        original: await original?.text(),
        name: original instanceof File ? original.name : null,
      };
    }),
  );
}

function exported(collection: Collection): Promise<Blob> {
  return new Response(collection.export()).blob();
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
  );
}

/** Keys of everything in the database, by what they begin with. */
async function keyStarts(): Promise<Set<unknown>> {
  const database = await openDB('photoglot-store');
  const stores = ['vectors', 'items', 'journal', 'thumbnails', 'originals'];
  const keys = await Promise.all(stores.map((store) => database.getAllKeys(store)));
  database.close();
  return new Set(keys.flat().map((key) => (key as unknown[])[0]));
}

describe('a collection that was exported and imported', () => {
  test('is the same, under another name, in another tab', async () => {
    await photos.add([...files('x', 5), { id: 't', text: 'ein Hund', meta: { tags: ['a'] } }]);
    await photos.add(vectors('v', 1500));
    const progress: RowProgress[] = [];
    const file = await new Response(
      photos.export({ onProgress: (step) => progress.push(step) }),
    ).blob();
    expect(progress.at(-1)).toEqual({ done: 1506, total: 1506 });
    const name = newName();
    const steps: RowProgress[] = [];
    const summary = await newTab().importCollection(name, file, {
      onProgress: (step) => steps.push(step),
    });
    expect(summary).toEqual({ name, model: 'hash@1', dimension: 16, count: 1506 });
    expect(steps.at(-1)).toEqual({ done: 1506, total: 1506 });
    const copy = await lens.open(name);
    expect(await contentOf(copy)).toEqual(await contentOf(photos));
    expect(await copy.count()).toBe(1506);
    const query = { vector: encoders.vectorOf('v 700') };
    const [hits, expected] = [await copy.search(query), await photos.search(query)];
    expect(hits.hits.map(({ id, score }) => [id, score])).toEqual(
      expected.hits.map(({ id, score }) => [id, score]),
    );
    expect(hits.hits[0]?.id).toBe('v 700');
  });

  test('can be changed like any other, by several tabs', async () => {
    await photos.add(vectors('v', 700));
    const name = newName();
    await lens.importCollection(name, await exported(photos));
    const [here, there] = [await lens.open(name), await newTab().open(name)];
    await here.add([...vectors('w', 20), ...files('x', 1)]);
    expect(await there.count()).toBe(721);
    // Enough to have the segments rewritten.
    expect(await there.delete((await there.ids()).slice(0, 400))).toBe(400);
    await there.add(vectors('y', 1));
    expect(await here.count()).toBe(322);
    expect(await here.get('w 3')).toMatchObject({ meta: { index: 3 } });
    await here.clear();
    expect(await there.ids()).toEqual([]);
    await newTab().drop(name);
    expect(await codeOf(there.count())).toBe('not-found');
    expect([...(await keyStarts())].filter((start) => start !== photos.name)).toEqual([]);
  });

  test('comes through streams as well, in pieces of any size', async () => {
    await photos.add(files('x', 3));
    const whole = new Uint8Array(await (await exported(photos)).arrayBuffer());
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let start = 0; start < whole.length; start += 1000) {
          controller.enqueue(whole.subarray(start, start + 1000));
        }
        controller.close();
      },
    });
    const [one, two] = [newName(), newName()];
    await lens.importCollection(one, pieces);
    // The caller's bytes are still the caller's.
    expect(whole.byteLength).toBeGreaterThan(1000);
    await lens.importCollection(two, photos.export());
    const content = await contentOf(photos);
    expect(await contentOf(await lens.open(one))).toEqual(content);
    expect(await contentOf(await lens.open(two))).toEqual(content);
  });
});

describe('an export', () => {
  test('is of the moment when it began', async () => {
    await photos.add(vectors('v', 1400));
    const before = await photos.ids();
    const stream = photos.export();
    const reader = stream.getReader();
    const pieces = [(await reader.read()).value ?? new Uint8Array()];
    await photos.delete(before.slice(0, 900));
    await photos.add(vectors('later', 10));
    await photos.update('v 1300', { meta: { index: -1 } });
    // Behind the compaction, which has to wait.
    await photos.count();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
    }
    const name = newName();
    await lens.importCollection(name, new Blob(pieces));
    const copy = await lens.open(name);
    expect(await copy.ids()).toEqual(before);
    expect(await copy.vector('v 1399')).toEqual(encoders.vectorOf('v 1399'));
    expect(await copy.get('v 1300')).toMatchObject({ meta: { index: 1300 } });
  });

  test('fails rather than mix in the pictures of another collection', async () => {
    await photos.add(files('photo', 3).map((image, index) => ({ id: `p ${index}`, image })));
    const reader = photos.export().getReader();
    await reader.read();
    await photos.clear();
    await photos.add(files('other', 3).map((image, index) => ({ id: `p ${index}`, image })));
    const rest = async (): Promise<void> => {
      while (!(await reader.read()).done);
    };
    expect(await codeOf(rest())).toBe('in-use');
  });

  test('ends when its reader has enough, or its signal fires', async () => {
    await photos.add(vectors('v', 50));
    await photos.export().cancel();
    const reader = photos.export().getReader();
    await reader.read();
    await reader.cancel();
    const controller = new AbortController();
    const aborted = photos.export({ signal: controller.signal }).getReader();
    await aborted.read();
    controller.abort();
    expect(await codeOf(aborted.read())).toBe('aborted');
    // Nothing is stuck.
    expect((await exported(photos)).size).toBeGreaterThan(50 * 16 * 4);
  });

  test('fails through its stream', async () => {
    await lens.drop(photos.name);
    expect(await codeOf(photos.export().getReader().read())).toBe('not-found');
    const other = await lens.open(newName());
    await other.add(vectors('v', 5));
    const reader = other.export().getReader();
    await reader.read();
    await lens.dispose();
    expect(await codeOf(reader.read())).toBe('disposed');
  });
});

describe('an import', () => {
  test('takes no other name, and replaces only when told to', async () => {
    await photos.add(vectors('old', 3));
    const other = await lens.open(newName());
    await other.add(files('new', 2));
    const file = await exported(other);
    const elsewhere = await newTab().open(photos.name);
    expect(await elsewhere.count()).toBe(3);
    expect(await codeOf(lens.importCollection(photos.name, file))).toBe('already-exists');
    expect(await photos.count()).toBe(3);
    await lens.importCollection(photos.name, file, { replace: true });
    expect(await contentOf(photos)).toEqual(await contentOf(other));
    expect(await contentOf(elsewhere)).toEqual(await contentOf(other));
    // Of what was replaced nothing is left.
    expect((await keyStarts()).has(photos.name)).toBe(false);
  });

  test('of another model is kept as it is', async () => {
    const newer = new HashEncoders('hash@2');
    const file = await exported(photos);
    await lens.drop(photos.name);
    await lens.importCollection(photos.name, file);
    const other = new LocalLens(lensParts(newer, spawnStoreWorker));
    lenses.push(other);
    expect(await codeOf(other.open(photos.name))).toBe('model-mismatch');
    await other.drop(photos.name);
    expect(await codeOf(other.open(photos.name))).toBe('resolved');
  });

  test('that is aborted leaves nothing, and lets go of its stream', async () => {
    await photos.add(vectors('v', 2000));
    const whole = new Uint8Array(await (await exported(photos)).arrayBuffer());
    const controller = new AbortController();
    let cancelled = false;
    // All but the end, which never comes.
    const stuck = new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(whole.slice(0, -DONE_BYTES)),
      cancel: () => {
        cancelled = true;
      },
    });
    const name = newName();
    const importing = lens.importCollection(name, stuck, {
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        if (done === total) controller.abort();
      },
    });
    expect(await codeOf(importing)).toBe('aborted');
    expect(cancelled).toBe(true);
    await expectUntouched([photos.name]);
  });

  test('of what cannot be read says so', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (stream) => {
        stream.error(new Error('unplugged'));
      },
    });
    expect(await codeOf(lens.importCollection(newName(), broken))).toBe('invalid-input');
    const texts = new Response('PGLOTCOL').text() as unknown as Blob;
    expect(await codeOf(lens.importCollection(newName(), texts))).toBe('invalid-input');
    expect(await codeOf(lens.importCollection('', new Blob()))).toBe('invalid-input');
    await expectUntouched([photos.name]);
  });

  test('whose tab dies is cleared away by the next one', async () => {
    await photos.add(vectors('v', 2000));
    const whole = new Uint8Array(await (await exported(photos)).arrayBuffer());
    const dying = newTab();
    const name = newName();
    const stuck = new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(whole.slice(0, -DONE_BYTES)),
    });
    const importing = dying.importCollection(name, stuck, {
      onProgress: ({ done, total }) => {
        if (done === total) worker?.terminate();
      },
    });
    expect(await codeOf(importing)).toBe('worker-crashed');
    expect((await keyStarts()).size).toBe(2);
    const next = newTab();
    await next.open(photos.name);
    await expect.poll(keyStarts).toEqual(new Set([photos.name]));
    expect(await codeOf(next.importCollection(name, new Blob([whole])))).toBe('resolved');
    // What a tab is at stays, and what became a collection, too.
    await newTab().open(photos.name);
    expect(await (await next.open(name)).count()).toBe(2000);
  });
});

/** There are these collections and no trace of others. */
async function expectUntouched(expected: readonly string[]): Promise<void> {
  const listed: readonly CollectionSummary[] = await lens.collections();
  expect(listed.map(({ name }) => name).filter((name) => names.includes(name))).toEqual(expected);
  const starts = [...(await keyStarts())].map(String);
  expect(starts.filter((start) => start.startsWith('photoglot-import:'))).toEqual([]);
}

test('of 60 faulty files none changes anything', async () => {
  await photos.add([...files('x', 4), ...vectors('v', 30)]);
  const whole = new Uint8Array(await (await exported(photos)).arrayBuffer());
  const content = await contentOf(photos);
  const name = newName();
  const codes = new Set<string>();
  for (const copy of faultyCopies(whole, 60, 7)) {
    if (copy.length === whole.length && copy.every((byte, index) => byte === whole[index]))
      continue;
    codes.add(await codeOf(lens.importCollection(name, new Blob([copy]))));
    codes.add(
      await codeOf(lens.importCollection(photos.name, new Blob([copy]), { replace: true })),
    );
    await expectUntouched([photos.name]);
  }
  expect([...codes].filter((code) => code !== 'unsupported-format-version')).toEqual([
    'import-invalid',
  ]);
  expect(await contentOf(photos)).toEqual(content);
});
