import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { StoredItem, VectorImportReport } from '../protocol/store-contract';
import { addRows } from './add-rows';
import type { ByteSource } from './byte-reader';
import { readJsonl } from './read-jsonl';
import { readNpy } from './read-npy';
import { readParquet } from './read-parquet';
import {
  collected,
  DIMENSION,
  inPieces,
  joined,
  manyItems,
  sourceOf,
} from './test-workers/sample-rows';
import type { ParsedRow } from './vector-row';
import { writeItemLines, writeRowLines } from './write-jsonl';
import { writeNpy } from './write-npy';
import { writeParquet } from './write-parquet';

/** Items whose ids are text. */
const PLAIN = manyItems(2).map((item, index) => ({ ...item, id: `${index}` }));

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function failureOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'none',
    (thrown: unknown) =>
      isPhotoglotError(thrown) ? `${thrown.code}: ${thrown.message}` : 'foreign',
  );
}

/** What a good row came to, and why a bad one failed. */
function shown(parsed: ParsedRow): unknown {
  if (!parsed.ok) return `${parsed.row} ${parsed.id ?? '?'} ${parsed.error.code}`;
  return parsed.value;
}

const READERS: readonly (readonly [
  string,
  (source: ReturnType<typeof sourceOf>) => Promise<AsyncIterable<ParsedRow>>,
])[] = [
  ['jsonl', (source) => Promise.resolve(readJsonl(writeRowLines(source), DIMENSION))],
  [
    'npy and items',
    async (source) => {
      const files = { vectors: writeNpy(source), items: writeItemLines(source) };
      return (await readNpy(files, DIMENSION)).rows;
    },
  ],
  [
    'parquet',
    async (source) => {
      const file = new Blob([await joined(writeParquet(source))]);
      const { rows, total, model } = await readParquet(file, DIMENSION);
      expect([total, model]).toEqual([source.count, 'hash@1']);
      return rows;
    },
  ],
];

describe.each(READERS)('%s', (_, written) => {
  test.each([0, 1, 5])('brings back what was written, of %i times the sample', async (times) => {
    const items = manyItems(times).map((item) => ({ ...item, id: item.id.replace('\ud800', '𝒳') }));
    const source = sourceOf(items);
    const rows = await collected(await written(source));
    expect(rows.map(({ row }) => row)).toEqual(items.map((_, index) => index));
    rows.forEach((parsed, index) => {
      if (!parsed.ok) throw parsed.error;
      const { id, meta, fields, rough, vector } = parsed.value;
      const { rough: expected = false, ...item } = items[index] ?? { id: '' };
      expect([{ id, meta, fields }, rough]).toEqual([item, expected]);
      const original = source.vectors.subarray(index * DIMENSION, (index + 1) * DIMENSION);
      // Brought to length 1 once more.
      vector.forEach((value, place) => expect(value).toBeCloseTo(original[place] ?? NaN, 6));
    });
  });
});

describe('JSON Lines', () => {
  const read = async (text: string, size = 1000) =>
    (await collected(readJsonl(inPieces(bytes(text), size), 2))).map(shown);

  test('take other programs’ names, and all else for meta', async () => {
    const unit = { vector: Float32Array.of(0, 1), fields: {}, rough: false };
    const lines = [
      '{"id":"a","values":[0,2],"metadata":{"year":2001},"source":"x","year":1}',
      '{"id":7,"embedding":[0,0.5],"text":"a cat"}\r',
      ' ',
      '{"vector":[0,1],"fields":{"text":"own"},"text":"other","meta":"{\\"a\\":[1]}"}',
    ];
    const expected = [
      { ...unit, id: 'a', meta: { source: 'x', year: 2001 } },
      { ...unit, id: '7', meta: {}, fields: { text: 'a cat' } },
      { ...unit, id: null, meta: { a: [1] }, fields: { text: 'own' } },
    ];
    for (const size of [1, 5, 1000]) expect(await read(lines.join('\n'), size)).toEqual(expected);
    expect(await read(`${lines.join('\n')}\n`)).toEqual(expected);
  });

  test('fail line by line', async () => {
    const lines = [
      '{"id":"short","vector":[1]}',
      '{"id":"zero","vector":[0,0]}',
      '{"id":"huge","vector":[1e999,0]}',
      '{"id":"words","vector":["1",0]}',
      '{"id":"none"}',
      '{"id":{},"vector":[1,0]}',
      '{"id":"meta","vector":[1,0],"meta":[1]}',
      '{"id":"json","vector":[1,0],"meta":"{"}',
      '{"id":"fields","vector":[1,0],"fields":{"x":1}}',
      '[1,0]',
      '{"id":"broken',
      '{"id":"good","vector":[1,0]}',
    ];
    const shownRows = await read(lines.join('\n'));
    expect(shownRows.slice(0, -1)).toEqual([
      '0 short dimension-mismatch',
      '1 zero invalid-input',
      '2 huge invalid-input',
      '3 words invalid-input',
      '4 none invalid-input',
      '5 ? invalid-input',
      '6 meta invalid-input',
      '7 json invalid-input',
      '8 fields invalid-input',
      '9 ? invalid-input',
      '10 ? import-invalid',
    ]);
    expect(shownRows.at(-1)).toMatchObject({ id: 'good' });
  });

  test('of endless length are no lines', async () => {
    const zeros = new Uint8Array(2 ** 20);
    const endless = function* (): Generator<Uint8Array> {
      for (;;) yield zeros;
    };
    expect(await failureOf(collected(readJsonl(endless(), 2)))).toMatch(
      /^import-invalid: A line is longer/,
    );
  });
});

describe('NPY', () => {
  const file = (header: string, data: ArrayBufferView, version = 1): Uint8Array<ArrayBuffer> => {
    const start = [0x93, ...bytes('NUMPY'), version, 0];
    const length = version === 1 ? new Uint8Array(2) : new Uint8Array(4);
    const text = bytes(header);
    if (version === 1) new DataView(length.buffer).setUint16(0, text.length, true);
    else new DataView(length.buffer).setUint32(0, text.length, true);
    const numbers = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return Uint8Array.from([...start, ...length, ...text, ...numbers]);
  };
  const open = (vectors: ByteSource, items: ByteSource | null = null) =>
    readNpy({ vectors, items }, 2);
  const header = (type: string, shape = '(2, 2)', order = 'False'): string =>
    `{'descr': '${type}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

  test.each<[string, ArrayBufferView, number]>([
    ['<f4', Float32Array.of(3, 4, 0, -2), 1],
    ['<f8', Float64Array.of(3, 4, 0, -2), 2],
    ['<f2', Uint16Array.of(0x4200, 0x4400, 0, 0xc000), 3],
  ])('of %s is brought to float32 of length 1', async (type, data, version) => {
    for (const size of [1, 1000]) {
      const { rows, total } = await open(inPieces(file(header(type), data, version), size));
      const vectors = (await collected(rows)).map((row) =>
        row.ok ? [...row.value.vector] : row.error,
      );
      expect([total, vectors]).toEqual([2, [Array.from(Float32Array.of(0.6, 0.8)), [0, -1]]]);
    }
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['no NPY', bytes('PK\u0003\u0004 something'), /no NPY file/],
    ['nothing', new Uint8Array(0), /ends in the header/],
    ['a later version', file(header('<f4'), new Float32Array(4), 4), /has version 4/],
    ['big-endian', file(header('>f4'), new Float32Array(4)), /type ">f4".*astype/],
    ['integers', file(header('<i8'), new Float64Array(4)), /type "<i8"/],
    ['objects', file(header('|O'), new Float64Array(4)), /type "\|O"/],
    ['Fortran order', file(header('<f4', '(2, 2)', 'True'), new Float32Array(4)), /Fortran/],
    ['one dimension', file(header('<f4', '(4,)'), new Float32Array(4)), /shape \(4,\)/],
    ['three dimensions', file(header('<f4', '(1, 2, 2)'), new Float32Array(4)), /shape/],
    ['no header', file('import os', new Float32Array(4)), /cannot be read: import os/],
    ['another length', file(header('<f4', '(1, 4)'), new Float32Array(4)), /vectors of 4 numbers/],
  ])('of %s is refused at once', async (_, vectors, message) => {
    expect(await failureOf(open([vectors]))).toMatch(message);
  });

  test('that ends too soon or too late is refused when that is seen', async () => {
    const ofRows = async (data: Float32Array, items: string | null = null) => {
      const lines = items === null ? null : [bytes(items)];
      return failureOf(
        open([file(header('<f4'), data)], lines).then(({ rows }) => collected(rows)),
      );
    };
    const sound = Float32Array.of(1, 0, 0, 1);
    expect(await ofRows(sound)).toBe('none');
    expect(await ofRows(sound.subarray(1))).toMatch(
      /^import-invalid: The file ends in the vectors/,
    );
    expect(await ofRows(Float32Array.of(...sound, 1))).toMatch(/goes on behind its 2 vectors/);
    expect(await ofRows(sound, '{"id":"a"}\n{"id":"b"}')).toBe('none');
    expect(await ofRows(sound, '{"id":"a"}\n')).toMatch(/no line of items for vector 1/);
    expect(await ofRows(sound, '{}\n{}\n{}')).toMatch(/more lines of items than the 2 vectors/);
  });

  test('fails row by row for vectors and items that are wrong', async () => {
    const data = Float32Array.of(0, 0, NaN, 1, 1, 0, 1, 0);
    const lines = '{"id":"zero"}\n{"id":"nan"}\n[]\n{"id":"good","meta":{"a":1}}';
    const { rows } = await open([file(header('<f4', '(4, 2)'), data)], [bytes(lines)]);
    expect((await collected(rows)).map(shown)).toEqual([
      '0 zero invalid-input',
      '1 nan invalid-input',
      '2 ? invalid-input',
      { id: 'good', vector: Float32Array.of(1, 0), meta: { a: 1 }, fields: {}, rough: false },
    ]);
  });
});

describe('Parquet', () => {
  test('is not written with ids that it would change', async () => {
    expect(await failureOf(joined(writeParquet(sourceOf(manyItems(1)))))).toMatch(
      /^invalid-input: The id "ünï 写真 \\ud800" is no Unicode text/,
    );
  });

  test('that is none, or damaged, is refused', async () => {
    const sound = await joined(writeParquet(sourceOf(PLAIN)));
    for (const copy of [new Uint8Array(0), bytes('PAR1'), sound.slice(0, -9), sound.slice(200)]) {
      const reading = readParquet(new Blob([copy]), DIMENSION).then(({ rows }) => collected(rows));
      expect(await failureOf(reading)).toMatch(/^import-invalid: The Parquet file cannot be read/);
    }
  });

  test('with row groups that are too large is refused before they are read', async () => {
    const file = new Blob([await joined(writeParquet(sourceOf(PLAIN)))]);
    // As if the vectors were as long.
    const reading = readParquet(file, 2 ** 24).then(({ rows }) => collected(rows));
    expect(await failureOf(reading)).toMatch(
      /^too-large: .*has 8 rows; at most 2 .*row_group_size/,
    );
  });
});

describe('what NumPy and PyArrow wrote', () => {
  const fixture = (name: string): Uint8Array<ArrayBuffer> =>
    new Uint8Array(readFileSync(new URL(`fixtures/rows.${name}`, import.meta.url)));
  const VECTORS = [
    [0.6, 0.8, 0],
    [0, 0, 1],
    [1 / 3, 2 / 3, 2 / 3],
    [-1, 0, 0],
  ].map((row) => Float32Array.from(row));

  test.each(['f2', 'f4', 'f8'])('%s.npy', async (type) => {
    const vectors = [fixture(`${type}.npy`)];
    const rows = await collected((await readNpy({ vectors, items: null }, 3)).rows);
    expect(rows.map((row) => row.ok && row.value.vector)).toEqual(VECTORS);
  });

  test.each(['fixed', 'double', 'half'])('%s.parquet', async (name) => {
    const file = await readParquet(new Blob([fixture(`${name}.parquet`)]), 3);
    const rows = await collected(file.rows);
    expect(file.model).toBeNull();
    const taken = '2020-01-01T00:00:00.000Z';
    const tags = [['a', 'b'], [], ['c'], null];
    expect(rows.map(shown)).toEqual(
      VECTORS.map((vector, index) => ({
        id: `${10 + index}`,
        vector,
        meta: { taken, tags: tags[index] },
        fields: {},
        rough: false,
      })),
    );
  });
});

describe('adding rows', () => {
  const run = async (
    lines: readonly string[],
    there: readonly string[] = [],
  ): Promise<{ report: VectorImportReport; puts: StoredItem[][]; steps: unknown[] }> => {
    const ids = new Set(there);
    const puts: StoredItem[][] = [];
    const steps: unknown[] = [];
    const report = await addRows({
      rows: readJsonl([bytes(lines.join('\n'))], 2),
      total: null,
      table: {
        add: (items, vectors) => {
          expect(vectors).toHaveLength(items.length * 2);
          const fresh = items.filter(({ id }) => !ids.has(id) && ids.add(id));
          puts.push(fresh);
          return Promise.resolve(fresh.length);
        },
      },
      progress: (step) => steps.push(step),
      signal: new AbortController().signal,
    });
    return { report, puts, steps };
  };

  test('skips what is there or came before, in and between batches', async () => {
    const lines = Array.from({ length: 600 }, (_, row) => `{"id":"${row % 550}","vector":[1,0]}`);
    const { report, puts, steps } = await run([...lines, '{"id":"0","vector":[0,1]}'], ['3', '4']);
    expect(report).toEqual({ added: 548, skipped: 53, failedCount: 0, failed: [] });
    expect(puts.map(({ length }) => length)).toEqual([510, 38]);
    expect(steps).toEqual([
      { done: 512, total: null },
      { done: 601, total: null },
    ]);
  });

  test('gives those without an id that of their vector, as add does', async () => {
    const { puts } = await run(['{"vector":[2,0]}', '{"vector":[1,0]}', '{"vector":[0,1]}']);
    expect(puts.flat().map(({ id }) => id.slice(0, 8))).toEqual(['434b2604', '22b6f43b']);
  });

  test('counts all failures and keeps the first thousand', async () => {
    const { report } = await run(Array.from({ length: 1200 }, () => '{"vector":[0,0]}'));
    expect([report.failedCount, report.failed.length, report.added]).toEqual([1200, 1000, 0]);
    expect(report.failed[999]).toMatchObject({ row: 999, id: null, code: 'invalid-input' });
  });
});
