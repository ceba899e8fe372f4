/** Collections that were damaged on the disk: what is found, what stays, what is lost. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Encryption } from '../protocol/encryption';
import type { FindingKind, IntegrityReport } from '../protocol/integrity';
import type { ItemPage } from './schema';
import { SECTIONS } from './segment/segment-format';
import {
  changeFile,
  changeValue,
  flipped,
  onDisk,
  recordOf,
  sectionOf,
} from './test-workers/damage';
import { codeOf, randomRows, spawnPackedStore, Tab, type Row } from './test-workers/store-harness';

const tabs: Tab[] = [];
const names = new Set<string>();
let encryption: Encryption | null = null;
let tab: Tab;
let rows: Row[];

afterEach(async () => {
  for (const name of names) await newTab(name).call('drop', {});
  names.clear();
  for (const each of tabs.splice(0)) each.link.dispose();
});

function newTab(name: string): Tab {
  const created = new Tab(name, spawnPackedStore);
  names.add(name);
  tabs.push(created);
  return created;
}

/** Few of many, as each costs a request. */
function hasThumbnail(row: number): boolean {
  return row < 10 || row % 25 === 0;
}

/** A collection of `count` rows, some with thumbnails, of which nobody has anything open. */
async function collectionOf(count: number): Promise<string> {
  tab = newTab(`integrity ${crypto.randomUUID()}`);
  await tab.open({ encryption });
  rows = randomRows('a', count).map(({ item, vector }, row) => {
    const thumbnail = hasThumbnail(row) ? new Blob([`thumbnail of ${item.id}`]) : null;
    return { item: { ...item, thumbnail }, vector };
  });
  for (let first = 0; first < count; first += 700) await tab.put(rows.slice(first, first + 700));
  if (count > 1000) {
    await expect.poll(async () => (await recordOf(tab.name)).files?.length ?? 0).toBeGreaterThan(0);
  }
  await closed();
  return tab.name;
}

/** Nobody has anything open, and a new tab. */
async function closed(): Promise<void> {
  const record = await recordOf(tab.name);
  for (const each of tabs.splice(0)) each.link.dispose();
  for (const { name } of record.files ?? []) {
    await navigator.locks.request(`photoglot-pack:${name}`, () => undefined);
  }
  tab = newTab(tab.name);
}

function verify(repair: boolean): Promise<IntegrityReport> {
  return tab.call('verify', { repair, encryption });
}

function kindsOf({ findings }: IntegrityReport): FindingKind[] {
  return findings.map(({ kind }) => kind);
}

/** That what was damaged is found, mended, and gone; the ids of what is there then. */
async function mended(...kinds: FindingKind[]): Promise<Set<string>> {
  const before = await recordOf(tab.name);
  const found = await verify(false);
  expect(new Set(kindsOf(found))).toEqual(new Set(kinds));
  expect(found.repaired).toBe(false);
  expect(await recordOf(tab.name)).toEqual(before);
  const repaired = await verify(true);
  expect(repaired).toEqual({ ...found, repaired: true });
  const after = await verify(false);
  // Pictures of what is lost stay until the next repair.
  expect(kindsOf(after).filter((kind) => kind !== 'attachment-left')).toEqual([]);
  expect(after.sound).toBe(repaired.sound);
  await expectSound(after.sound);
  return new Set(await tab.call('ids', {}));
}

/** That the collection works, and that all that is there is as it was put. */
async function expectSound(count: number): Promise<void> {
  for (const each of [tab, newTab(tab.name)]) {
    await each.open({ encryption });
    const ids = await each.call('ids', {});
    expect(ids).toHaveLength(count);
    expect(new Set(ids).size).toBe(count);
    const kept = rows.filter(({ item }) => ids.includes(item.id));
    for (const { item, vector } of kept.slice(0, 5)) {
      const { id, meta, fields } = item;
      expect(await each.call('get', { id })).toEqual({ id, meta, fields });
      const [best] = await each.call('search', { vector, limit: 1, where: null });
      expect([best?.id, best?.score.toFixed(2)]).toEqual([id, '1.00']);
    }
  }
  await tab.put(randomRows('later', 1));
  await tab.call('delete', { ids: ['later0'] });
  await closed();
  await tab.open({ encryption });
}

function idsOf(first: number, end: number): string[] {
  return rows.slice(first, end).map(({ item }) => item.id);
}

async function newKey(): Promise<Encryption> {
  const algorithm = { name: 'AES-GCM', length: 256 };
  return { key: await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']) };
}

describe.each([
  ['plain', false],
  ['encrypted', true],
])('a %s collection', (_, isEncrypted) => {
  async function made(count: number): Promise<string> {
    encryption = isEncrypted ? await newKey() : null;
    return collectionOf(count);
  }

  test('that is sound is left alone', async () => {
    const name = await made(1500);
    await tab.open({ encryption });
    await tab.call('delete', { ids: ['a3', 'a1499'] });
    const before = await recordOf(name);
    const progress: { done: number; total: number }[] = [];
    const report = await tab.link.call(
      'verify',
      { collection: name, repair: true, encryption },
      { onProgress: (each) => progress.push(each) },
    );
    expect(report).toEqual({ findings: [], sound: 1498, repaired: false });
    expect(await recordOf(name)).toEqual(before);
    const thumbnails = rows.filter((_row, row) => row !== 3 && hasThumbnail(row)).length;
    expect(progress.at(-1)).toEqual({ done: 1500 + thumbnails, total: 1500 + thumbnails });
  });

  test('without a segment of vectors loses its rows only', async () => {
    const name = await made(700);
    await changeValue('vectors', [name, 0], () => undefined);
    expect(await codeOf(tab.open({ encryption }))).toBe('storage');
    const ids = await mended('vectors-damaged', 'attachment-left');
    expect(ids).toEqual(new Set(idsOf(512, 700)));
  });

  test('with a segment of vectors that is none', async () => {
    const name = await made(700);
    await changeValue('vectors', [name, 1], () => new ArrayBuffer(100));
    const ids = await mended('vectors-damaged', 'attachment-left');
    expect(ids).toEqual(new Set(idsOf(0, 512)));
  });

  test('tells the ids of lost vectors, and keeps their pictures to be added again', async () => {
    const name = await made(700);
    await changeValue('vectors', [name, 0], (bytes: ArrayBuffer) => bytes.slice(1));
    const report = await verify(true);
    expect(report.findings[0]?.ids).toEqual(idsOf(0, 512));
    expect(await (await tab.call('thumbnail', { id: 'a5' }))?.text()).toBe('thumbnail of a5');
    const [lost] = rows.slice(5, 6);
    if (lost === undefined) throw new Error('no row');
    await tab.put([lost]);
    // What is still nobody's goes.
    expect(kindsOf(await verify(true))).toEqual(['attachment-left']);
    expect(await verify(false)).toMatchObject({ findings: [], sound: 189 });
    expect(await tab.call('thumbnail', { id: 'a6' })).toBeNull();
    expect(await (await tab.call('thumbnail', { id: 'a5' }))?.text()).toBe('thumbnail of a5');
  });

  test('with a page of items that is gone, or none', async () => {
    for (const change of [() => undefined, () => ({ no: 'page' }), () => new ArrayBuffer(99)]) {
      const name = await made(700);
      await changeValue('items', [name, 0], change);
      expect(await mended('items-damaged', 'attachment-left')).toEqual(new Set(idsOf(512, 700)));
    }
  });

  test('with a count that is wrong', async () => {
    const name = await made(20);
    await changeValue('collections', name, (record: object) => ({ ...record, count: 7 }));
    expect((await mended('count-wrong')).size).toBe(20);
  });

  test('with pictures of nobody, and records that belong to nothing', async () => {
    const name = await made(20);
    await onDisk(async (database) => {
      await database.put('thumbnails', new Blob(['x']), [name, 'nobody']);
      await database.put('originals', new Blob(['x']), [name, 'nobody']);
      await database.put('vectors', new ArrayBuffer(3), [name, 77]);
      await database.put('deaths', new Uint8Array(3), [name, 'no file']);
    });
    expect((await mended('attachment-left', 'records-left')).size).toBe(20);
    await onDisk(async (database) => {
      expect(await database.get('thumbnails', [name, 'nobody'])).toBeUndefined();
      expect(await database.get('vectors', [name, 77])).toBeUndefined();
    });
  });

  test('with a picture that is none', async () => {
    const name = await made(20);
    await changeValue('thumbnails', await pictureKey(name), () => 'no Blob');
    expect((await mended('attachment-damaged')).size).toBe(20);
  });

  test('of which nobody knows what was deleted gets it back', async () => {
    const name = await made(1500);
    await tab.open({ encryption });
    await tab.call('delete', { ids: ['a3', 'a4'] });
    await closed();
    const { files = [] } = await recordOf(name);
    await changeValue('deaths', [name, files[0]?.name ?? ''], () => new Uint8Array(1));
    expect(await codeOf(tab.open({ encryption }))).toBe('storage');
    expect((await mended('deletions-damaged')).size).toBe(1500);
  });

  test('without a packed file loses its rows only', async () => {
    const name = await made(1500);
    const { files = [] } = await recordOf(name);
    const [file] = files;
    if (file === undefined) throw new Error('no file');
    await changeFile(file.name, () => null);
    expect(await codeOf(tab.open({ encryption }))).toBe('storage');
    const kept = idsOf(file.rows, 1500);
    expect(await mended('file-damaged', 'attachment-left')).toEqual(new Set(kept));
  });

  test('with a packed file that is cut off', async () => {
    const name = await made(1500);
    const { files = [] } = await recordOf(name);
    const [file] = files;
    if (file === undefined) throw new Error('no file');
    await changeFile(file.name, (bytes) => bytes.slice(0, -1));
    expect((await mended('file-damaged', 'attachment-left')).size).toBe(1500 - file.rows);
  });

  test('with any wrong byte in a packed file loses what is near it at most', async () => {
    const name = await made(1500);
    const [file] = (await recordOf(name)).files ?? [];
    if (file === undefined) throw new Error('no file');
    let before = 1500;
    for (const share of [0.2, 0.5, 0.8, 0.999]) {
      const [damaged] = (await recordOf(name)).files ?? [];
      if (damaged === undefined) throw new Error('no file is left');
      await changeFile(damaged.name, (bytes) => flipped(bytes, Math.floor(share * bytes.length)));
      const report = await verify(true);
      expect(report.repaired || report.findings.length === 0).toBe(true);
      // A page of an encrypted file holds 170 rows of 24 numbers, or the items of 100.
      expect(before - report.sound).toBeLessThanOrEqual(isEncrypted ? 350 : 1);
      before = report.sound;
      expect(kindsOf(await verify(true)).filter((kind) => kind !== 'attachment-left')).toEqual([]);
    }
    await expectSound(before);
  });

  test('is not touched by a check that is aborted', async () => {
    const name = await made(700);
    await changeValue('vectors', [name, 0], () => undefined);
    const before = await recordOf(name);
    const aborted = new AbortController();
    const checking = tab.call('verify', { repair: true, encryption }, aborted.signal);
    aborted.abort();
    expect(await codeOf(checking)).toBe('aborted');
    expect(await recordOf(name)).toEqual(before);
    expect(kindsOf(await verify(false))).toContain('vectors-damaged');
  });
});

describe('a plain collection row by row', () => {
  test.each([
    ['an id', { id: 5, meta: {}, fields: {} }],
    ['meta', { id: 'a3', fields: {} }],
    ['anything', 'no item'],
  ])('loses a row without %s', async (_, item) => {
    encryption = null;
    const name = await collectionOf(20);
    await changeValue('items', [name, 0], (page: ItemPage) =>
      page.map((each, row) => (row === 3 ? item : each)),
    );
    const ids = await mended('items-damaged', 'attachment-left');
    expect(ids).toEqual(new Set(idsOf(0, 20).filter((id) => id !== 'a3')));
  });

  test('loses rows whose vectors are none', async () => {
    encryption = null;
    const name = await collectionOf(20);
    await changeValue('vectors', [name, 0], (bytes: ArrayBuffer) => {
      new Float32Array(bytes, 16)[3 * 24] = NaN;
      new Float32Array(bytes, 16).fill(0, 5 * 24, 6 * 24);
      return bytes;
    });
    const ids = await mended('vectors-damaged', 'attachment-left');
    expect(ids).toEqual(new Set(idsOf(0, 20).filter((id) => id !== 'a3' && id !== 'a5')));
  });

  test('keeps the last of rows with the same id', async () => {
    encryption = null;
    const name = await collectionOf(20);
    await changeValue('items', [name, 0], (page: ItemPage) =>
      page.map((item, row) => (row === 3 && item !== null ? { ...item, id: 'a9' } : item)),
    );
    const ids = await mended('duplicate-id', 'attachment-left');
    expect(ids).toEqual(new Set(idsOf(0, 20).filter((id) => id !== 'a3')));
  });

  test.each(['bits', 'offsets', 'factors', 'idHashes', 'codebook', 'directory'] as const)(
    'loses nothing by wrong %s',
    async (section) => {
      encryption = null;
      const name = await collectionOf(1500);
      const [file] = (await recordOf(name)).files ?? [];
      await changeFile(file?.name ?? '', (bytes) =>
        flipped(bytes, sectionOf(bytes, SECTIONS[section]).at + 5),
      );
      expect((await mended('index-damaged')).size).toBe(1500);
    },
  );

  test('loses one row by a wrong vector or item', async () => {
    for (const [section, kind] of [
      ['float16', 'vectors-damaged'],
      ['items', 'items-damaged'],
    ] as const) {
      encryption = null;
      const name = await collectionOf(1500);
      const [file] = (await recordOf(name)).files ?? [];
      await changeFile(file?.name ?? '', (bytes) =>
        flipped(bytes, sectionOf(bytes, SECTIONS[section]).at + 5),
      );
      const ids = await mended(kind, 'attachment-left');
      expect(ids).toEqual(new Set(idsOf(1, 1500)));
    }
  });
});

test('what a newer release wrote is left alone', async () => {
  encryption = null;
  const name = await collectionOf(20);
  await changeValue('vectors', [name, 0], (bytes: ArrayBuffer) => {
    new DataView(bytes).setUint16(4, 2, true);
    return bytes;
  });
  expect(await codeOf(verify(true))).toBe('storage-version');
});

async function pictureKey(name: string): Promise<IDBValidKey> {
  const keys = await onDisk((database) => database.getAllKeys('thumbnails'));
  const key = keys.find((each) => (each as string[])[0] === name);
  if (key === undefined) throw new Error('no picture');
  return key;
}
