import { describe, expect, test } from 'vitest';
import { MemoryFile, MemoryFolder } from '../segment/test-workers/memory-folder';
import { SealedFolder } from './sealed-folder';
import { codeOf, flipped, someBytes, testDataKey } from './test-workers/test-vault';

const PAGE = 8164;
const RECORD = 8192;
const START = 4096;
/** Three pages and a part of one. */
const SIZE = 3 * PAGE + 1000;
const PLAIN = someBytes(SIZE);

interface Sealed {
  readonly inner: MemoryFolder;
  readonly folder: SealedFolder;
  /** As written. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Has others in its place. */
  readonly replace: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** A folder with one file, written as a segment is: sections side by side, the beginning last. */
async function sealed(asBlobs = false, size = SIZE): Promise<Sealed> {
  const inner = new MemoryFolder(asBlobs);
  const folder = new SealedFolder(inner, await testDataKey());
  const file = await folder.create('a');
  const half = Math.floor(size / 2);
  for (let at = 100; at < half; at += 3001) {
    const end = Math.min(at + 3001, half);
    await file.write(at, PLAIN.slice(at, end));
    await file.write(half + at - 100, PLAIN.slice(half + at - 100, half + end - 100));
  }
  await file.write(2 * half - 100, PLAIN.slice(2 * half - 100, size));
  await file.flush();
  await file.write(0, PLAIN.slice(0, 100));
  await file.finish();
  const written = inner.files.get('a');
  if (written === undefined) throw new Error('no file');
  const replace = (bytes: Uint8Array<ArrayBuffer>): void => {
    inner.files.set('a', new MemoryFile(bytes));
  };
  return { inner, folder, bytes: written.bytes.slice(), replace };
}

describe.each([
  ['read at once', false],
  ['read as a Blob', true],
])('a sealed file, %s', (_, asBlobs) => {
  test.each([0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, SIZE])('of %i bytes', async (size) => {
    const inner = new MemoryFolder(asBlobs);
    const folder = new SealedFolder(inner, await testDataKey());
    const writing = await folder.create('a');
    await writing.write(0, PLAIN.slice(0, size));
    await writing.finish();
    const file = await folder.open('a');
    expect(file.size).toBe(size);
    const all = new Uint8Array(size);
    await file.read(0, all);
    expect(all).toEqual(PLAIN.subarray(0, size));
    expect(await codeOf(read(file, size, 1))).toBe('storage');
  });

  test('gives any part of it', async () => {
    const file = await (await sealed(asBlobs)).folder.open('a');
    const edges = [0, 1, 99, 100, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 3 * PAGE - 1, SIZE - 1, SIZE];
    for (const from of edges) {
      for (const to of edges.filter((edge) => edge >= from)) {
        const into = new Uint8Array(to - from);
        await file.read(from, into);
        expect(Buffer.compare(into, PLAIN.subarray(from, to)), `${from}…${to}`).toBe(0);
      }
    }
  });

  test('is noticed when any byte of it is another', async () => {
    const { folder, bytes, replace } = await sealed(asBlobs);
    // What fills up the header means nothing.
    const places = [
      ...Array.from({ length: 60 }, (_, at) => at),
      ...[START, START + 11, START + 12, START + 5000, START + RECORD - 1, START + RECORD],
      bytes.length - 1,
    ];
    for (const at of places) {
      replace(flipped(bytes, at));
      expect(await codeOf(readAll(folder)), String(at)).toMatch(/^storage/u);
    }
  });

  test('is noticed when it is cut off, or longer', async () => {
    const { folder, bytes, replace } = await sealed(asBlobs);
    for (const length of [
      0,
      1,
      59,
      60,
      START,
      START + RECORD,
      START + 3 * RECORD,
      bytes.length - 1,
      bytes.length + 1,
    ]) {
      const other = new Uint8Array(length);
      other.set(bytes.subarray(0, length));
      replace(other);
      expect(await codeOf(folder.open('a')), String(length)).toBe('storage');
    }
  });
});

test('pages do not open in the place of others, nor those of another file', async () => {
  const [{ inner, folder, bytes, replace }, other] = [await sealed(), await sealed()];
  const withFirst = (page: Uint8Array): Uint8Array<ArrayBuffer> => {
    const changed = bytes.slice();
    changed.set(page, START);
    return changed;
  };
  replace(withFirst(bytes.slice(START + RECORD, START + 2 * RECORD)));
  expect(await codeOf(readAll(folder))).toBe('storage');
  replace(withFirst(other.bytes.slice(START, START + RECORD)));
  expect(await codeOf(readAll(folder))).toBe('storage');
  replace(bytes);
  expect(await codeOf(readAll(folder))).toBe('resolved');
  inner.files.set('b', new MemoryFile(bytes));
  expect(await codeOf(folder.open('b'))).toBe('storage');
});

test('a file does not open with the key of another collection, nor in plain', async () => {
  const { inner } = await sealed();
  const other = new SealedFolder(inner, await testDataKey(1));
  expect(await codeOf(other.open('a'))).toBe('storage');
  const plain = await inner.create('plain');
  plain.write(0, PLAIN);
  expect(await codeOf(other.open('plain'))).toBe('storage');
  expect(await codeOf(other.open('c'))).toBe('not-found');
});

test('a file is none before it is finished', async () => {
  const inner = new MemoryFolder();
  const folder = new SealedFolder(inner, await testDataKey());
  const file = await folder.create('a');
  await file.write(0, PLAIN);
  await file.flush();
  expect(await codeOf(folder.open('a'))).toBe('storage');
  // A second time its pages would be sealed with other content.
  await expect(file.write(5, PLAIN.slice(0, 1))).rejects.toThrow('written already');
  await file.finish();
  // Everything else is on the disk before the header is.
  expect(inner.files.get('a')?.flushed).toEqual([0, 'P'.charCodeAt(0)]);
  expect(await codeOf(readAll(folder))).toBe('resolved');
});

test('nothing of it is readable on the disk', async () => {
  const inner = new MemoryFolder();
  const folder = new SealedFolder(inner, await testDataKey());
  const file = await folder.create('a');
  const text = new TextEncoder().encode('the meeting is at noon '.repeat(3000));
  await file.write(0, text);
  await file.finish();
  const { bytes } = inner.files.get('a') ?? { bytes: text };
  expect(Buffer.from(bytes).includes('meeting')).toBe(false);
});

async function readAll(folder: SealedFolder): Promise<void> {
  const file = await folder.open('a');
  await file.read(0, new Uint8Array(file.size));
}

async function read(
  file: Awaited<ReturnType<SealedFolder['open']>>,
  at: number,
  length: number,
): Promise<void> {
  await file.read(at, new Uint8Array(length));
}
