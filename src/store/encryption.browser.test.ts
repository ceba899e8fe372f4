/** Encrypted collections, as calls of the store see them and as they lie on the disk. */
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeFloat16 } from '../core/codes/float16';
import type { Encryption } from '../protocol/encryption';
import { bytesOf, findOnDisk } from './test-workers/raw-disk';
import {
  codeOf,
  DIMENSION,
  MODEL,
  randomRows,
  spawnPackedStore,
  spawnStore,
  Tab,
  type Row,
} from './test-workers/store-harness';

const tabs: Tab[] = [];
const names = new Set<string>();
let key: CryptoKey;
let encryption: Encryption;
let tab: Tab;

beforeEach(async () => {
  key = await newKey();
  encryption = { key };
  tab = newTab();
  await tab.open({ encryption });
});

afterEach(async () => {
  for (const name of names) await newTab(name).call('drop', {});
  names.clear();
  for (const each of tabs.splice(0)) each.link.dispose();
});

function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function newTab(name = `encrypted ${crypto.randomUUID()}`, spawn = spawnPackedStore): Tab {
  const created = new Tab(name, spawn);
  names.add(name);
  tabs.push(created);
  return created;
}

/** A new worker that knows only what is on disk. */
async function restarted(): Promise<Tab> {
  tab.link.dispose();
  const other = newTab(tab.name);
  await other.open({ encryption });
  return other;
}

/** Rows with pictures. */
function pictureRows(prefix: string, count: number): Row[] {
  return randomRows(prefix, count, (index) => ({
    index,
    place: `place of ${prefix} ${index}`,
  })).map(({ item, vector }) => ({
    item: {
      ...item,
      thumbnail: new Blob([`thumbnail of ${item.id}`], { type: 'image/webp' }),
      original: new File([`original of ${item.id}`], `file of ${item.id}.jpg`),
    },
    vector,
  }));
}

async function putPacked(target: Tab, rows: readonly Row[]): Promise<void> {
  for (let first = 0; first < rows.length; first += 700) {
    await target.put(rows.slice(first, first + 700));
  }
  await expect.poll(() => packedFiles(target.name)).toBeGreaterThan(0);
}

async function packedFiles(name: string): Promise<number> {
  const record = (await onDisk((database) => database.get('collections', name))) as {
    files?: unknown[];
  };
  return record.files?.length ?? 0;
}

async function onDisk<Result>(
  work: (database: Awaited<ReturnType<typeof openDB>>) => Promise<Result>,
): Promise<Result> {
  const database = await openDB('photoglot-store');
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** Exchanges two values of an object store. */
async function swap(store: string, left: IDBValidKey, right: IDBValidKey): Promise<void> {
  await onDisk(async (database) => {
    const one: unknown = await database.get(store, left);
    const other: unknown = await database.get(store, right);
    await database.put(store, other, left);
    await database.put(store, one, right);
  });
}

describe('on the disk', () => {
  /** What somebody who has the disk would look for. */
  function patternsOf({ item, vector }: Row): Record<string, Uint8Array> {
    return {
      id: bytesOf(item.id),
      meta: bytesOf(`place of ${item.id.replace('secret', 'secret ')}`),
      text: bytesOf(item.fields.text ?? ''),
      thumbnail: bytesOf(`thumbnail of ${item.id}`),
      original: bytesOf(`original of ${item.id}`),
      'name of the file': bytesOf(`file of ${item.id}.jpg`),
      type: bytesOf('image/webp'),
      vector: bytesOf(vector.subarray(2, 8)),
      'vector in half the precision': bytesOf(encodeFloat16(vector.subarray(2, 14))),
    };
  }

  test('nothing of an encrypted collection can be read, and all of a plain one', async () => {
    const rows = pictureRows('secret', 1500);
    const [packed, logged] = [rows[3], rows.at(-1)];
    if (packed === undefined || logged === undefined) throw new Error('no rows');
    await putPacked(tab, rows);
    await tab.call('delete', { ids: ['secret7'] });
    await tab.call('update', { id: 'secret9', meta: { note: 'noted in secret' }, fields: null });
    for (const row of [packed, logged]) expect(await findOnDisk(patternsOf(row))).toEqual({});
    expect(await findOnDisk({ note: bytesOf('noted in secret') })).toEqual({});

    // That it would be found.
    await tab.call('drop', {});
    await tab.open({ encryption: null });
    await putPacked(tab, rows);
    const found = {
      ...(await findOnDisk(patternsOf(packed))),
      ...(await findOnDisk(patternsOf(logged))),
    };
    expect(Object.keys(found).sort()).toEqual(Object.keys(patternsOf(packed)).sort());
  });

  test('a collection is told to be encrypted, and what is not secret, without its key', async () => {
    await tab.put(randomRows('a', 3));
    const summaries = await newTab().link.call('collections', null);
    expect(summaries.find(({ name }) => name === tab.name)).toEqual({
      name: tab.name,
      dimension: DIMENSION,
      model: MODEL,
      count: 3,
      encrypted: true,
    });
  });

  test.each(['vectors', 'items'])('%s in the place of others are refused', async (store) => {
    const small = newTab(undefined, spawnStore);
    await small.open({ encryption });
    await small.put(randomRows('a', 1100));
    await swap(store, [small.name, 0], [small.name, 1]);
    expect(await codeOf(newTab(small.name).open({ encryption }))).toBe('storage');
  });

  test('pictures in the place of others are refused', async () => {
    await tab.put(pictureRows('p', 2));
    for (const store of ['thumbnails', 'originals']) {
      const keys = await onDisk((database) => database.getAllKeys(store));
      const [left, right] = keys.filter((each) => (each as string[])[0] === tab.name);
      if (left === undefined || right === undefined) throw new Error('no pictures');
      await swap(store, left, right);
    }
    expect(await codeOf(tab.call('thumbnail', { id: 'p0' }))).toBe('storage');
    expect(await codeOf(tab.call('original', { id: 'p1' }))).toBe('storage');
  });

  test('what is put there in plain is refused', async () => {
    await tab.put(randomRows('a', 3));
    const plain = newTab();
    await plain.open();
    await plain.put(randomRows('b', 3));
    for (const store of ['vectors', 'items']) {
      await onDisk(async (database) => {
        const value: unknown = await database.get(store, [plain.name, 0]);
        await database.put(store, value, [tab.name, 0]);
      });
      expect(await codeOf(newTab(tab.name).open({ encryption }))).toBe('storage');
    }
  });
});

describe('an encrypted collection', () => {
  test('does what a plain one does, before and after a restart', async () => {
    const plain = newTab();
    await plain.open();
    const rows = pictureRows('same', 1500);
    for (const each of [plain, tab]) {
      await putPacked(each, rows);
      await each.call('delete', { ids: ['same3', 'same1499'] });
      await each.call('update', { id: 'same5', meta: { changed: true }, fields: null });
      await each.put(pictureRows('late', 3));
    }
    for (const tabOf of [() => Promise.resolve(tab), restarted]) {
      const each = await tabOf();
      expect((await each.call('ids', {})).length).toBe(1501);
      for (const { vector } of randomRows('query', 5)) {
        for (const where of [null, { index: { lt: 700 } }]) {
          const args = { vector, limit: 20, where };
          const [hits, expected] = [
            await each.call('search', args),
            await plain.call('search', args),
          ];
          expect(new Set(hits.map(({ id }) => id))).toEqual(new Set(expected.map(({ id }) => id)));
        }
      }
      for (const id of ['same0', 'same5', 'same3', 'late2']) {
        expect(await each.call('get', { id })).toEqual(await plain.call('get', { id }));
        const [thumbnail, original] = [
          await each.call('thumbnail', { id }),
          await each.call('original', { id }),
        ];
        const isThere = id !== 'same3';
        expect(await thumbnail?.text()).toBe(isThere ? `thumbnail of ${id}` : undefined);
        expect(thumbnail?.type).toBe(isThere ? 'image/webp' : undefined);
        expect(original instanceof File ? original.name : undefined).toBe(
          isThere ? `file of ${id}.jpg` : undefined,
        );
      }
    }
  });

  test('is one to several tabs', async () => {
    const other = newTab(tab.name);
    await other.open({ encryption });
    await tab.put(randomRows('a', 3));
    expect(await other.call('ids', {})).toEqual(['a0', 'a1', 'a2']);
    await other.call('delete', { ids: ['a1'] });
    await Promise.all([tab.put(randomRows('b', 2)), other.put(randomRows('c', 2))]);
    const ids = ['a0', 'a2', 'b0', 'b1', 'c0', 'c1'];
    for (const each of [tab, other]) expect([...(await each.call('ids', {}))].sort()).toEqual(ids);
  });

  test('stays encrypted when it is emptied', async () => {
    await tab.put(randomRows('a', 3));
    await tab.call('clear', {});
    await tab.put(randomRows('b', 2));
    expect(await findOnDisk({ id: bytesOf('the b 1') })).toEqual({});
    expect(await codeOf(newTab(tab.name).open({ encryption: null }))).toBe('key-required');
    expect(await (await restarted()).call('ids', {})).toEqual(['b0', 'b1']);
  });
});

describe('the key', () => {
  test('has to be there, and to be the right one', async () => {
    await tab.put(randomRows('a', 2));
    const other = newTab(tab.name);
    for (const [wrong, code] of [
      [null, 'key-required'],
      [{ passphrase: 'guess' }, 'wrong-key'],
      [{ key: await newKey() }, 'wrong-key'],
      [{ passphrase: '' }, 'invalid-input'],
    ] as const) {
      expect(await codeOf(other.open({ encryption: wrong }))).toBe(code);
      expect(await codeOf(other.call('ids', {}))).toBe('key-required');
      expect(await codeOf(other.put(randomRows('b', 1)))).toBe('key-required');
    }
    await other.open({ encryption });
    expect(await other.call('ids', {})).toEqual(['a0', 'a1']);
    // Also where the worker has it: nobody opens it without.
    expect(await codeOf(other.open({ encryption: null }))).toBe('key-required');
    expect(await other.call('ids', {})).toEqual(['a0', 'a1']);
  });

  test('is none for a plain collection', async () => {
    const plain = newTab();
    await plain.open();
    expect(await codeOf(plain.open({ encryption }))).toBe('invalid-input');
  });

  test('may be a passphrase, and be changed without rewriting anything', async () => {
    const name = newTab().name;
    const first = newTab(name);
    await first.open({ encryption: { passphrase: 'first' } });
    await first.put(randomRows('a', 2));
    const values = () =>
      onDisk((database) => database.get('vectors', [name, 0]) as Promise<ArrayBuffer>);
    const before = new Uint8Array(await values());
    const change = { from: { passphrase: 'first' }, to: { key } };
    const other = newTab(name);
    expect(await codeOf(other.call('changeKey', { ...change, from: { key } }))).toBe('wrong-key');
    await other.call('changeKey', change);
    expect(new Uint8Array(await values())).toEqual(before);
    expect(await codeOf(other.open({ encryption: { passphrase: 'first' } }))).toBe('wrong-key');
    await other.open({ encryption: { key } });
    expect(await other.call('ids', {})).toEqual(['a0', 'a1']);
    // Who has it open goes on.
    await first.put(randomRows('b', 1));
    expect(await other.call('ids', {})).toEqual(['a0', 'a1', 'b0']);
  });

  test('is not that of a collection that took the place of another', async () => {
    const other = newTab(tab.name);
    for (const [replacement, code] of [
      [{ key: await newKey() }, 'wrong-key'],
      [null, 'wrong-key'],
      [{ key: await newKey() }, 'key-required'],
    ] as const) {
      await other.call('drop', {});
      await other.open({ encryption: replacement });
      expect(await codeOf(tab.put(randomRows('a', 1)))).toBe(code);
      expect(await codeOf(tab.call('ids', {}))).toBe(code);
      await tab.open({ encryption: replacement });
      await tab.put(randomRows('a', 1));
      expect(await other.call('count', {})).toBe(1);
    }
  });
});
