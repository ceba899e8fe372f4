/** Segments as Blobs in a real database. */
import { openDB, type IDBPDatabase } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlobFolder } from './blob-folder';
import { Crc32c } from './crc32c';
import { SECTIONS } from './segment-format';
import { SegmentReader } from './segment-reader';
import { SegmentWriter } from './segment-writer';

const STRIDE = 384;
const ROWS = 9000;
const rows = Uint8Array.from({ length: ROWS * STRIDE }, (_, index) => (index * 2_654_435) >>> 8);

let name: string;
let database: IDBPDatabase;
let folder: BlobFolder;

beforeEach(async () => {
  name = `blob-folder ${crypto.randomUUID()}`;
  database = await openDB(name, 1, {
    upgrade: (opened) => {
      opened.createObjectStore('packs');
    },
  });
  folder = folderOf(database);
});

afterEach(async () => {
  database.close();
  await new Promise((resolve) => {
    indexedDB.deleteDatabase(name).onsuccess = resolve;
  });
});

function folderOf(opened: IDBPDatabase): BlobFolder {
  return new BlobFolder({
    get: (key) => opened.get('packs', key) as Promise<Blob | undefined>,
    put: async (key, blob) => {
      await opened.put('packs', blob, key);
    },
    delete: (key) => opened.delete('packs', key),
    keys: () => opened.getAllKeys('packs') as Promise<string[]>,
  });
}

/** In two sections that grow in turns, of which each is more than a piece. */
async function write(key: string, finish = true): Promise<void> {
  const file = await folder.create(key);
  const segment = {
    rows: ROWS,
    dimension: STRIDE,
    sections: [
      { kind: SECTIONS.float16, stride: STRIDE },
      { kind: SECTIONS.items, stride: 0, bytes: 'open' } as const,
    ],
  };
  const crcs = [await Crc32c.create(), await Crc32c.create()];
  const writer = new SegmentWriter(file, segment, crcs);
  for (let at = 0; at < rows.length; at += 100 * STRIDE) {
    await writer.append(SECTIONS.float16, rows.slice(at, at + 100 * STRIDE));
    await writer.append(SECTIONS.items, rows.slice(at, at + 50 * STRIDE));
  }
  if (finish) await writer.finish(await Crc32c.create());
  else file.close();
}

async function read(from: BlobFolder, key: string): Promise<SegmentReader> {
  return SegmentReader.open(await from.open(key), await Crc32c.create());
}

async function expectWhole(reader: SegmentReader): Promise<void> {
  const section = reader.section(SECTIONS.float16);
  if (section === null) throw new Error('no section');
  const found = await reader.rows(section, Uint32Array.of(0, 17, 18, 8999));
  expect(found).toEqual(
    Uint8Array.from(
      [0, 17, 18, 8999].flatMap((row) => [...rows.slice(row * STRIDE, (row + 1) * STRIDE)]),
    ),
  );
  for (const each of reader.header.sections) {
    // Checks the checksum.
    await reader.stream(each, await Crc32c.create(), () => undefined, new AbortController().signal);
  }
}

test('a segment comes back, also to another tab', async () => {
  await write('a');
  await expectWhole(await read(folder, 'a'));
  const other = await openDB(name);
  await expectWhole(await read(folderOf(other), 'a'));
  other.close();
  expect(await folder.names()).toEqual(['a']);
});

test('one that was not finished is not there', async () => {
  await write('a', false);
  expect(await folder.names()).toEqual([]);
  await expect(folder.open('a')).rejects.toMatchObject({ code: 'not-found' });
});

test('one that is open can be read when it was removed', async () => {
  await write('a');
  const reader = await read(folder, 'a');
  await folder.remove('a');
  await folder.remove('a');
  expect(await folder.names()).toEqual([]);
  await expectWhole(reader);
});

test('one of the same name is replaced', async () => {
  await database.put('packs', new Blob(['other']), 'a');
  await write('a');
  await expectWhole(await read(folder, 'a'));
});

describe('failures of the database', () => {
  test('are storage errors', async () => {
    database.close();
    const failed = { code: 'storage' };
    await expect(folder.open('a')).rejects.toMatchObject(failed);
    await expect(folder.names()).rejects.toMatchObject(failed);
    await expect(folder.remove('a')).rejects.toMatchObject(failed);
    await expect(write('a')).rejects.toMatchObject(failed);
  });
});
