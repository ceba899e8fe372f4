import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { ItemRecord, RowProgress } from '../protocol/store-contract';
import type { ByteSource } from './byte-reader';
import { areEqual } from './checksums';
import { importPortable } from './import-portable';
import { jsonBytes } from './json-text';
import { MAX_RECORD_BYTES } from './portable-format';
import { crafted, type CraftedRecord } from './test-workers/crafted-file';
import {
  DIMENSION,
  inPieces,
  joined,
  manyItems,
  MemorySink,
  SAMPLE_ITEMS,
  sourceOf,
} from './test-workers/sample-rows';
import { writePortable } from './write-portable';

/** Imports, and tells what became of it. */
async function imported(bytes: ByteSource, signal = new AbortController().signal) {
  const sinks: MemorySink[] = [];
  const steps: RowProgress[] = [];
  const outcome = await importPortable({
    bytes,
    begin: (head) => {
      const sink = new MemorySink(head);
      sinks.push(sink);
      return Promise.resolve(sink);
    },
    progress: (step) => steps.push(step),
    signal,
  }).then(
    (summary) => ({ summary, failure: 'none' }),
    (thrown: unknown) => ({
      summary: null,
      failure: isPhotoglotError(thrown) ? `${thrown.code}: ${thrown.message}` : 'foreign',
    }),
  );
  return { ...outcome, sink: sinks[0] ?? null, steps };
}

const PICTURES = new Map([
  ['a', { thumbnail: new Blob(['small'], { type: 'image/jpeg' }) }],
  [
    'rough one',
    {
      thumbnail: new Blob([]),
      original: new File([new Uint8Array(3_000_000).fill(7)], 'ÿ.png', {
        type: 'image/png',
        lastModified: 42,
      }),
    },
  ],
]);

describe('a portable file', () => {
  test.each([1, 7, 1000, 10_000_000])('is what it was made of, in pieces of %i', async (size) => {
    const items = manyItems(3);
    // Large pictures take their time byte by byte.
    const source = sourceOf(items, size < 1000 ? new Map() : PICTURES);
    const file = await joined(writePortable(source));
    const { summary, sink, steps } = await imported(inPieces(file, size));
    expect(summary).toEqual({ name: 'Urlaub', model: 'hash@1', dimension: DIMENSION, count: 12 });
    expect(sink?.items).toEqual(items);
    expect(sink?.vectors).toEqual([...source.vectors]);
    expect(sink?.fate).toBe('committed');
    expect(steps.at(-1)).toEqual({ done: 12, total: 12 });
  });

  test('keeps pictures, their types and names', async () => {
    const file = await joined(writePortable(sourceOf(SAMPLE_ITEMS, PICTURES)));
    const { sink } = await imported([file]);
    expect([...(sink?.pictures.keys() ?? [])]).toEqual([
      'thumbnail of a',
      'thumbnail of rough one',
      'original of rough one',
    ]);
    const thumbnail = sink?.pictures.get('thumbnail of a');
    expect([thumbnail?.type, await thumbnail?.text()]).toEqual(['image/jpeg', 'small']);
    expect(sink?.pictures.get('thumbnail of rough one')?.size).toBe(0);
    const original = sink?.pictures.get('original of rough one') as File;
    expect([original.name, original.type, original.lastModified]).toEqual([
      'ÿ.png',
      'image/png',
      42,
    ]);
    expect(new Uint8Array(await original.arrayBuffer()).every((byte) => byte === 7)).toBe(true);
    expect(original.size).toBe(3_000_000);
  });

  test('of the same collection is the same file', async () => {
    const [once, again] = [sourceOf(SAMPLE_ITEMS, PICTURES), sourceOf(SAMPLE_ITEMS, PICTURES)];
    const files = [await joined(writePortable(once)), await joined(writePortable(again))] as const;
    expect(areEqual(...files)).toBe(true);
  });

  test('may be empty', async () => {
    const { summary, sink } = await imported(writePortable(sourceOf([])));
    expect([summary?.count, sink?.items]).toEqual([0, []]);
  });

  test('splits what is too much for a record, and refuses an item that is', async () => {
    const large = { note: 'x'.repeat(MAX_RECORD_BYTES / 2) };
    const items: ItemRecord[] = ['a', 'b', 'c'].map((id) => ({ id, meta: large, fields: {} }));
    const { sink } = await imported(writePortable(sourceOf(items)));
    expect(sink?.items).toEqual(items);
    const [item] = items;
    const twice = { id: 'a', fields: {}, ...item, meta: { ...large, more: large.note } };
    await expect(joined(writePortable(sourceOf([twice])))).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});

test('an abort discards what was read', async () => {
  const controller = new AbortController();
  const file = await joined(writePortable(sourceOf(manyItems(5))));
  async function* slowly(): AsyncGenerator<Uint8Array> {
    yield file.subarray(0, file.length - 100);
    controller.abort();
    yield* inPieces(file.subarray(file.length - 100), 50);
    await Promise.resolve();
  }
  const { failure, sink } = await imported(slowly(), controller.signal);
  expect([failure.split(':')[0], sink?.fate]).toEqual(['aborted', 'discarded']);
});

describe('a file that was cut off or changed', () => {
  test('is refused at every length, and with anything behind its end', async () => {
    const file = await joined(writePortable(sourceOf(SAMPLE_ITEMS)));
    for (let length = 0; length < file.length; length++) {
      const { failure, sink } = await imported([file.subarray(0, length)]);
      expect(failure).toMatch(/^import-invalid: The file ends in/);
      expect(sink?.fate ?? 'discarded').toBe('discarded');
    }
    const { failure, sink } = await imported([file, new Uint8Array(1)]);
    expect(failure).toBe('import-invalid: The file goes on behind its end.');
    expect(sink?.fate).toBe('discarded');
  });

  test('is refused for each byte that is another', async () => {
    const file = await joined(writePortable(sourceOf(SAMPLE_ITEMS)));
    for (let place = 0; place < file.length; place++) {
      const changed = file.slice();
      changed[place] = (changed[place] ?? 0) ^ 0x10;
      const { failure, sink } = await imported([changed]);
      expect(failure, `byte ${place}`).toMatch(/^(import-invalid|unsupported-format-version): /);
      expect(sink?.fate ?? 'discarded').toBe('discarded');
    }
  });

  test('is refused when whole records are missing, repeated or in another order', async () => {
    const records = await recordsOf(sourceOf(manyItems(3)));
    const [start = new Uint8Array(), head = start, first = start, second = start] = records;
    const rest = records.slice(4);
    const orders = [
      [start, head, second, first, ...rest],
      [start, head, first, first, second, ...rest],
      [start, head, second, ...rest],
      [start, head, head, first, second, ...rest],
      [start, first, head, second, ...rest],
    ];
    for (const order of orders) {
      const { failure, sink } = await imported(order);
      expect(failure).toMatch(/^import-invalid: /);
      expect(sink?.fate ?? 'discarded').toBe('discarded');
    }
    expect((await imported(records)).failure).toBe('none');
  });
});

/** The pieces as they are written: the header, then one per record. */
async function recordsOf(source: ReturnType<typeof sourceOf>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writePortable(source)) pieces.push(piece);
  return pieces;
}

function head(change: object = {}): CraftedRecord {
  return ['HEAD', jsonBytes({ name: 'n', model: 'm@1', dimension: 2, count: 1, ...change })];
}

function rows(json: string, vectors: readonly number[] = [1, 0], count = 1): CraftedRecord {
  const list = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 4) * 4));
  const payload = new Uint8Array(8 + list.length + vectors.length * 4);
  new DataView(payload.buffer).setUint32(0, count, true);
  new DataView(payload.buffer).setUint32(4, list.length, true);
  payload.set(list, 8);
  payload.set(new Uint8Array(new Float32Array(vectors).buffer), 8 + list.length);
  return ['ROWS', payload];
}

const ITEM = '{"id":"a","meta":{},"fields":{}}';
const pict = (header: object): CraftedRecord => ['PICT', jsonBytes(header)];
const data = (text: string): CraftedRecord => ['DATA', new TextEncoder().encode(text)];

describe('a hostile file, its checksums right', () => {
  test('would be taken without the fault', async () => {
    const file = await crafted([head(), rows(`[${ITEM}]`)]);
    expect((await imported(file)).failure).toBe('none');
  });

  test.each<[string, readonly CraftedRecord[], RegExp]>([
    ['no head', [rows(`[${ITEM}]`)], /ROWS; expected was HEAD/],
    ['a head without a name', [head({ name: '' })], /no name or no model/],
    ['a dimension of 0', [head({ dimension: 0 })], /no dimension of 1…65536/],
    ['a dimension of 1e9', [head({ dimension: 1e9 })], /no dimension of 1…65536/],
    ['a count below 0', [head({ count: -1 })], /no number of items/],
    ['a count of more', [head({ count: 2 }), rows(`[${ITEM}]`)], /has 1 items; it says .* 2/],
    ['a count of less', [head({ count: 0 }), rows(`[${ITEM}]`)], /more than its 0 items/],
    ['two heads', [head(), head(), rows(`[${ITEM}]`)], /HEAD; expected was ROWS/],
    ['fewer vectors', [head(), rows(`[${ITEM}]`, [1])], /not as long as they say/],
    ['rows that claim more', [head(), rows(`[${ITEM}]`, [1, 0], 2 ** 31)], /not as long as/],
    ['fewer items', [head(), rows('[]')], /has not the 1 items/],
    ['no JSON', [head(), rows('[{]}')], /no JSON in UTF-8/],
    ['no UTF-8', [head(), rows('["\u00ff"]'.replace('ÿ', 'a'))], /Item 0 is no object/],
    ['an id twice', [head({ count: 2 }), rows(`[${ITEM}]`), rows(`[${ITEM}]`)], /there twice/],
    ['no id', [head(), rows('[{"id":"","meta":{},"fields":{}}]')], /id of item 0/],
    ['no meta', [head(), rows('[{"id":"a","fields":{}}]')], /Item 0 has values/],
    ['endless numbers', [head(), rows('[{"id":"a","meta":{"x":1e999},"fields":{}}]')], /Infinity/],
    ['fields of numbers', [head(), rows('[{"id":"a","meta":{},"fields":{"x":1}}]')], /a string/],
    ['a depth', [head(), rows(deep(100_000))], /nested too deep|no JSON/],
    ['a false mark', [head(), rows('[{"id":"a","meta":{},"fields":{},"rough":1}]')], /"rough"/],
    ['a vector of length 2', [head(), rows(`[${ITEM}]`, [2, 0])], /item 0 has length 2/],
    ['a vector of NaN', [head(), rows(`[${ITEM}]`, [NaN, 0])], /item 0 has length NaN/],
    ['a picture of nobody', [head(), rows(`[${ITEM}]`), pict(picture({ row: 1 }))], /no item/],
    ['a picture before items', [head(), pict(picture({}))], /belongs to no item/],
    ['no such picture', [head(), rows(`[${ITEM}]`), pict(picture({ kind: 'x' }))], /neither/],
    ['no size', [head(), rows(`[${ITEM}]`), pict(picture({ size: -1 }))], /no row, size/],
    ['no time', [head(), rows(`[${ITEM}]`), pict(picture({ name: 'x' }))], /without a time/],
    [
      'two pictures of a kind',
      [head(), rows(`[${ITEM}]`), pict(picture({})), data('xy'), pict(picture({})), data('xy')],
      /is there twice/,
    ],
    [
      'a picture that is larger',
      [head(), rows(`[${ITEM}]`), pict(picture({})), data('xyz')],
      /larger than it says/,
    ],
    [
      'a picture that stops',
      [head(), rows(`[${ITEM}]`), pict(picture({ size: 2 ** 40 })), data('x')],
      /DONE; expected was DATA/,
    ],
    [
      'a picture of endless nothing',
      [head(), rows(`[${ITEM}]`), pict(picture({})), data('')],
      /DATA; expected was DATA/,
    ],
    ['data of no picture', [head(), rows(`[${ITEM}]`), data('x')], /DATA; expected was ROWS/],
  ])('%s is refused', async (_, records, message) => {
    const { failure, sink } = await imported(await crafted(records));
    expect(failure).toMatch(/^import-invalid: /);
    expect(failure).toMatch(message);
    expect(sink?.fate ?? 'discarded').toBe('discarded');
  });

  test('a length that is only claimed costs nothing', async () => {
    const [start = new Uint8Array()] = await crafted([]);
    for (const length of [MAX_RECORD_BYTES, MAX_RECORD_BYTES + 1, 2 ** 32 - 1]) {
      const record = new Uint8Array(8);
      record.set(new TextEncoder().encode('HEAD'));
      new DataView(record.buffer).setUint32(4, length, true);
      const { failure } = await imported([start, record]);
      expect(failure).toMatch(length > MAX_RECORD_BYTES ? /at most 67108864/ : /ends in a record/);
    }
  });

  test('another format, and a newer version, are told apart', async () => {
    const zip = new Uint8Array(100).fill(0x50);
    expect((await imported([zip])).failure).toMatch(/import-invalid: .*"PGLOTCOL"/);
    const file = await joined(writePortable(sourceOf([])));
    file[8] = 2;
    expect((await imported([file])).failure).toMatch(/unsupported-format-version: .*version 2/);
  });
});

function picture(change: object): object {
  return { row: 0, kind: 'thumbnail', type: '', size: 2, ...change };
}

function deep(levels: number): string {
  return `[{"id":"a","fields":{},"meta":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}]`;
}
