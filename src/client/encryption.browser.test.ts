/** Encrypted collections, as a page has them. */
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { Encryption } from '../protocol/encryption';
import { bytesOf, findOnDisk } from '../store/test-workers/raw-disk';
import type { Collection, Lens } from './api';
import { LocalLens } from './lens';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { lensParts } from './test-workers/lens-parts';

const encryption: Encryption = { passphrase: 'a passphrase that nobody guesses' };
const encoders = new HashEncoders();
let lenses: Lens[] = [];
let worker: Worker | null = null;
let name: string;
let lens: Lens;
let photos: Collection;

beforeEach(async () => {
  name = `encrypted ${crypto.randomUUID()}`;
  lens = newTab();
  photos = await lens.open(name, { encryption, keepOriginals: true });
  await photos.add([new File(['dog'], 'dog.jpg'), new File(['cat'], 'cat.jpg')]);
});

afterEach(async () => {
  const cleaner = newTab();
  for (const each of await cleaner.collections()) await cleaner.drop(each.name);
  for (const each of lenses) await each.dispose();
  lenses = [];
});

function newTab(model = encoders): Lens {
  const tab = new LocalLens(lensParts(model, () => (worker = spawnStoreWorker())));
  lenses.push(tab);
  return tab;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
  );
}

async function contentOf(collection: Collection): Promise<unknown> {
  const ids = await collection.ids();
  return Promise.all(
    ids.map(async (id) => ({
      item: await collection.get(id),
      vector: await collection.vector(id),
      original: await (await collection.original(id))?.text(),
    })),
  );
}

test('goes on with a new worker when the old one dies', async () => {
  const before = await contentOf(photos);
  const first = worker;
  first?.terminate();
  await expect.poll(() => contentOf(photos).catch(() => null)).toEqual(before);
  expect(worker).not.toBe(first);
  await photos.add([new File(['bird'], 'bird.jpg')]);
  expect(await photos.count()).toBe(3);
  expect((await photos.search('bird')).hits[0]?.meta.name).toBe('bird.jpg');
});

test('is not taken for a plain one of its name by a new worker', async () => {
  worker?.terminate();
  const other = newTab();
  await other.drop(name);
  const plain = await other.open(name);
  const bird = new File(['bird'], 'bird.jpg');
  await expect.poll(() => codeOf(photos.count())).toBe('wrong-key');
  expect((await photos.add([bird]).catch(() => null))?.added ?? []).toEqual([]);
  expect(await plain.count()).toBe(0);
});

test('leaves in plain, and comes in encrypted', async () => {
  const content = await contentOf(photos);
  const file = await new Response(photos.export()).blob();
  expect(await file.text()).toContain('dog.jpg');
  const copy = `${name} copy`;
  const other = { passphrase: 'another' };
  expect(await lens.importCollection(copy, file, { encryption: other })).toMatchObject({
    count: 2,
    encrypted: true,
  });
  expect(await codeOf(lens.open(copy))).toBe('key-required');
  expect(await codeOf(lens.open(copy, { encryption }))).toBe('wrong-key');
  const imported = await lens.open(copy, { encryption: other });
  expect(await contentOf(imported)).toEqual(content);
  expect(await findOnDisk({ name: bytesOf('dog.jpg') })).toEqual({});
});

test('is replaced by an encrypted one only', async () => {
  const content = await contentOf(photos);
  const file = await new Response(photos.export()).blob();
  expect(await codeOf(lens.importCollection(name, file, { replace: true }))).toBe('key-required');
  expect(await contentOf(photos)).toEqual(content);
  await lens.importCollection(name, file, { replace: true, encryption });
  expect(await codeOf(photos.count())).toBe('wrong-key');
  expect(await contentOf(await lens.open(name, { encryption }))).toEqual(content);
});

test('a plain collection becomes an encrypted one by export and import', async () => {
  const plain = await lens.open(`${name} plain`, { keepOriginals: true });
  await plain.add([new File(['secret'], 'secret.jpg')]);
  const content = await contentOf(plain);
  const options = { replace: true, encryption };
  await lens.importCollection(plain.name, plain.export(), options);
  expect(await codeOf(plain.count())).toBe('key-required');
  expect(await contentOf(await lens.open(plain.name, { encryption }))).toEqual(content);
  expect(await findOnDisk({ name: bytesOf('secret.jpg') })).toEqual({});
});

test('takes vectors from elsewhere', async () => {
  const vector = [...encoders.vectorOf('bird')];
  const rows = new Blob([JSON.stringify({ id: 'bird', vector, meta: { name: 'bird.jpg' } })]);
  const report = await photos.importVectors({ format: 'jsonl', rows }, { model: encoders.model });
  expect(report.added).toBe(1);
  expect(await findOnDisk({ name: bytesOf('bird.jpg') })).toEqual({});
  const tab = await newTab().open(name, { encryption });
  expect((await tab.get('bird'))?.meta).toEqual({ name: 'bird.jpg' });
});

test('stays encrypted when it becomes one of another model', async () => {
  const newer = newTab(new HashEncoders('hash@2'));
  expect(await codeOf(newer.open(name, { encryption }))).toBe('model-mismatch');
  expect(await codeOf(newer.reembed(name))).toBe('key-required');
  expect(await newer.reembed(name, { encryption })).toEqual({ reembedded: 2, left: [] });
  expect(await codeOf(newer.open(name))).toBe('key-required');
  const again = await newer.open(name, { encryption });
  expect(await again.count()).toBe(2);
  expect(await findOnDisk({ name: bytesOf('dog.jpg') })).toEqual({});
});

test('has its key changed', async () => {
  const to = { passphrase: 'another' };
  expect(await codeOf(lens.changeKey(name, { from: to, to }))).toBe('wrong-key');
  expect(await codeOf(lens.changeKey(`${name} no`, { from: encryption, to }))).toBe('not-found');
  await lens.changeKey(name, { from: encryption, to });
  await photos.add([new File(['bird'], 'bird.jpg')]);
  const tab = newTab();
  expect(await codeOf(tab.open(name, { encryption }))).toBe('wrong-key');
  expect(await (await tab.open(name, { encryption: to })).count()).toBe(3);
  const plain = await lens.open(`${name} plain`);
  expect(await codeOf(lens.changeKey(plain.name, { from: to, to }))).toBe('invalid-input');
});

test('is checked and mended', async () => {
  const tab = newTab();
  expect(await codeOf(tab.verify(name))).toBe('key-required');
  expect(await tab.verify(name, { encryption })).toEqual({
    findings: [],
    sound: 2,
    repaired: false,
  });
  const database = await openDB('photoglot-store');
  await database.put('originals', new Blob(['no picture']), [name, 'nobody']);
  database.close();
  const report = await tab.verify(name, { repair: true });
  expect(report.findings.map(({ kind }) => kind)).toEqual(['attachment-left']);
  expect((await tab.verify(name)).findings).toEqual([]);
});
