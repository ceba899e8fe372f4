import { beforeAll, describe, expect, test } from 'vitest';
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { BlobFile } from './blob-file';
import { Crc32c } from './crc32c';
import { headerBytes, SECTIONS } from './segment-format';
import type { ReadableFile } from './segment-file';
import { SegmentReader } from './segment-reader';
import { SegmentWriter, type NewSegment } from './segment-writer';
import { MemoryFile, MemoryReader } from './test-workers/memory-folder';

const ROWS = 1000;
const never = new AbortController().signal;
const SEGMENT: NewSegment = {
  rows: ROWS,
  dimension: 24,
  sections: [
    { kind: 77, stride: 0, bytes: 5 },
    { kind: SECTIONS.bits, stride: 16 },
    { kind: SECTIONS.float16, stride: 24 },
    { kind: SECTIONS.offsets, stride: 4 },
  ],
};

let crc: Crc32c;
let content: Map<number, Uint8Array<ArrayBuffer>>;
let whole: Uint8Array<ArrayBuffer>;

/** Counts reads of a Blob. */
class CountingFile extends BlobFile {
  reads = 0;

  override read(at: number, into: Uint8Array<ArrayBuffer>): Promise<void> {
    this.reads++;
    return super.read(at, into);
  }
}

beforeAll(async () => {
  crc = await Crc32c.create();
  const next = randomNumbers(7);
  content = new Map(
    SEGMENT.sections.map((section) => {
      const bytes = 'bytes' in section ? 5 : section.stride * ROWS;
      return [section.kind, Uint8Array.from({ length: bytes }, () => next() * 256)];
    }),
  );
  const file = await write(SEGMENT, content);
  whole = file.bytes;
});

/** Writes the sections in turns, in pieces that fit no boundary. */
async function write(
  segment: NewSegment,
  sections: ReadonlyMap<number, Uint8Array<ArrayBuffer>>,
): Promise<MemoryFile> {
  const file = new MemoryFile();
  const crcs = await Promise.all(segment.sections.map(() => Crc32c.create()));
  const writer = new SegmentWriter(file, segment, crcs);
  const PIECE = 777;
  const longest = Math.max(0, ...[...sections.values()].map(({ length }) => length));
  for (let at = 0; at < longest; at += PIECE) {
    for (const [kind, bytes] of sections) await writer.append(kind, bytes.slice(at, at + PIECE));
  }
  await writer.finish(crc);
  return file;
}

async function open(file: ReadableFile): Promise<SegmentReader> {
  return SegmentReader.open(file, crc);
}

/** Reads everything. */
async function readAll(bytes: Uint8Array<ArrayBuffer>): Promise<Map<number, Uint8Array>> {
  const reader = await open(new BlobFile(new Blob([bytes])));
  const found = new Map<number, Uint8Array>();
  for (const section of reader.header.sections) {
    const joined = new Uint8Array(section.bytes);
    await reader.stream(
      section,
      crc,
      (block, at) => {
        joined.set(block, at);
      },
      never,
    );
    found.set(section.kind, joined);
  }
  return found;
}

test('CRC-32C gives the check value of its specification', () => {
  expect(crc.of(new TextEncoder().encode('123456789'))).toBe(0xe3_06_92_83);
  expect(crc.of(new Uint8Array(32))).toBe(0x8a_91_36_aa);
});

test('gives back what was written', async () => {
  expect(await readAll(whole)).toEqual(content);
  const reader = await open(new MemoryReader(whole));
  expect(reader.header).toMatchObject({ rows: ROWS, dimension: 24 });
  expect(reader.section(SECTIONS.codebook)).toBeNull();
});

test('is a segment only when all else is on the disk', async () => {
  const file = await write(SEGMENT, content);
  // 'P' is the first byte of the header.
  expect(file.flushed).toEqual([0, 0x50]);
});

test('may be empty', async () => {
  const { bytes } = await write({ rows: 0, dimension: 24, sections: [] }, new Map());
  expect(bytes.length).toBe(headerBytes(0));
  expect((await open(new MemoryReader(bytes))).header).toEqual({
    rows: 0,
    dimension: 24,
    sections: [],
  });
});

test('may have sections without rows', async () => {
  const sections = [
    { kind: SECTIONS.codebook, stride: 0, bytes: 5 } as const,
    { kind: SECTIONS.bits, stride: 16 },
    { kind: SECTIONS.offsets, stride: 4 },
  ];
  const { bytes } = await write(
    { rows: 0, dimension: 24, sections },
    new Map([[SECTIONS.codebook, Uint8Array.of(1, 2, 3, 4, 5)]]),
  );
  expect([...(await readAll(bytes))]).toEqual([
    [SECTIONS.codebook, Uint8Array.of(1, 2, 3, 4, 5)],
    [SECTIONS.bits, new Uint8Array()],
    [SECTIONS.offsets, new Uint8Array()],
  ]);
});

test('takes no more and no less than it was said to have', async () => {
  const file = new MemoryFile();
  const segment = { rows: 2, dimension: 1, sections: [{ kind: 1, stride: 4 }] };
  const writer = new SegmentWriter(file, segment, [await Crc32c.create()]);
  await writer.append(1, new Uint8Array(4));
  await expect(writer.finish(crc)).rejects.toThrow('4 of 8 bytes');
  expect(() => writer.append(1, new Uint8Array(5))).toThrow('no room');
  expect(() => writer.append(2, new Uint8Array(1))).toThrow('no room');
});

describe('sections whose size nobody knows at first', () => {
  const sections: NewSegment['sections'] = [
    { kind: SECTIONS.bits, stride: 4 },
    ...[50, 51, 52, 53].map((kind) => ({ kind, stride: 0, bytes: 'open' }) as const),
  ];

  async function writerOf(file: MemoryFile, rows: number): Promise<SegmentWriter> {
    const crcs = await Promise.all(sections.map(() => Crc32c.create()));
    return new SegmentWriter(file, { rows, dimension: 1, sections }, crcs);
  }

  test('come behind the others, one after the other', async () => {
    const file = new MemoryFile();
    const writer = await writerOf(file, 100);
    const bits = content.get(SECTIONS.bits) ?? new Uint8Array();
    // While one is written others of known size still are; some stay empty.
    for (let at = 0; at < 400; at += 40) {
      await writer.append(SECTIONS.bits, bits.slice(at, at + 40));
      await writer.append(50, bits.slice(at, at + 37));
    }
    await writer.append(52, bits.slice(0, 3));
    await writer.append(53, new Uint8Array());
    await writer.finish(crc);
    expect([...(await readAll(file.bytes))]).toEqual([
      [SECTIONS.bits, bits.slice(0, 400)],
      [
        50,
        Uint8Array.from(
          [0, 40, 80, 120, 160, 200, 240, 280, 320, 360].flatMap((at) => [
            ...bits.slice(at, at + 37),
          ]),
        ),
      ],
      [51, new Uint8Array()],
      [52, bits.slice(0, 3)],
      [53, new Uint8Array()],
    ]);
  });

  test('can be all that there is, or all be empty', async () => {
    const file = new MemoryFile();
    await (await writerOf(file, 0)).finish(crc);
    const none = new Uint8Array();
    expect([...(await readAll(file.bytes)).values()]).toEqual([none, none, none, none, none]);
    const other = new MemoryFile();
    const writer = await writerOf(other, 0);
    await writer.append(51, Uint8Array.of(9));
    await writer.finish(crc);
    expect((await readAll(other.bytes)).get(51)).toEqual(Uint8Array.of(9));
  });

  test('are closed by the next, and may not come before others', async () => {
    const writer = await writerOf(new MemoryFile(), 1);
    await writer.append(51, new Uint8Array(1));
    expect(() => writer.append(50, new Uint8Array(1))).toThrow('no room');
    const wrong = { rows: 1, dimension: 1, sections: sections.toReversed() };
    const crcs = await Promise.all(sections.map(() => Crc32c.create()));
    expect(() => new SegmentWriter(new MemoryFile(), wrong, crcs)).toThrow('come last');
  });
});

test('bytes that are not there are not read', async () => {
  const reader = await open(new MemoryReader(whole));
  const section = reader.section(SECTIONS.offsets);
  if (section === null) throw new Error('no section');
  await expect(reader.rows(section, Uint32Array.of(ROWS))).rejects.toMatchObject({
    code: 'storage',
  });
});

describe('single rows', () => {
  const ROW_LISTS = [[], [0], [ROWS - 1], [0, 1, 2, 500, 998, 999], [3, 3 + 700]];

  test.each(ROW_LISTS.map((rows) => [rows]))('%j, read at once or later', async (rows) => {
    const bytes = content.get(SECTIONS.float16) ?? new Uint8Array();
    const expected = rows.flatMap((row) => [...bytes.subarray(row * 24, (row + 1) * 24)]);
    for (const file of [new MemoryReader(whole), new BlobFile(new Blob([whole]))]) {
      const reader = await open(file);
      const section = reader.section(SECTIONS.float16);
      if (section === null) throw new Error('no section');
      expect([...(await reader.rows(section, Uint32Array.from(rows)))]).toEqual(expected);
    }
  });

  test('are read together where reading is a task of its own, and apart where it is not', async () => {
    const rows = Uint32Array.from([1, 5, 9, 990]);
    const [now, later] = [new MemoryReader(whole), new CountingFile(new Blob([whole]))];
    for (const file of [now, later]) {
      const reader = await open(file);
      const section = reader.section(SECTIONS.float16);
      if (section === null) throw new Error('no section');
      file.reads = 0;
      await reader.rows(section, rows);
    }
    // The first tells that the file does not answer at once; the gap of 980 rows is read apart.
    expect([now.reads, later.reads]).toEqual([4, 3]);
  });
});

describe('damage is found', () => {
  test('by any changed byte of the header', async () => {
    const length = headerBytes(SEGMENT.sections.length);
    for (let at = 0; at < length; at++) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      await expect(open(new MemoryReader(changed)), `byte ${at}`).rejects.toMatchObject({
        code: /^storage(-version)?$/,
      });
    }
  });

  test('by any changed byte of a section, when all of it is read', async () => {
    const next = randomNumbers(3);
    const reader = await open(new MemoryReader(whole));
    for (const { kind, offset, bytes } of reader.header.sections) {
      const changed = whole.slice();
      const at = offset + Math.floor(Math.abs(next()) * bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(readAll(changed), `section ${kind}`).rejects.toMatchObject({
        code: 'storage',
        message: expect.stringContaining(`section ${kind} `) as string,
      });
    }
  });

  test('by a missing or an added end', async () => {
    for (const length of [0, 1, 31, 32, 100, whole.length - 1]) {
      const cut = new BlobFile(new Blob([whole.slice(0, length)]));
      await expect(open(cut), `${length} bytes`).rejects.toMatchObject({ code: 'storage' });
    }
    const longer = new BlobFile(new Blob([whole, 'x']));
    await expect(open(longer)).rejects.toMatchObject({ code: 'storage' });
  });

  test('and a later version told apart', async () => {
    const later = whole.slice();
    later[4] = 2;
    await expect(open(new MemoryReader(later))).rejects.toMatchObject({ code: 'storage-version' });
  });
});

test('reading stops when it is aborted', async () => {
  const reader = await open(new MemoryReader(whole));
  const section = reader.section(SECTIONS.float16);
  if (section === null) throw new Error('no section');
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(reader.stream(section, crc, () => undefined, signal)).rejects.toThrow('enough');
});
