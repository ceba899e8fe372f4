import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { RowProgress, StoreContract } from '../protocol/store-contract';
import type { Collection, VectorFiles } from './api';
import { openCollection } from './open-collection';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { WorkerLink } from './worker-link';

const encoders = new HashEncoders();
const MODEL = { model: 'hash@1' };
let store: WorkerLink<StoreContract>;
let photos: Collection;
let copy: Collection;

beforeEach(async () => {
  store = new WorkerLink<StoreContract>(spawnStoreWorker);
  photos = await openCollection({ name: `v ${crypto.randomUUID()}`, encoders, store });
  copy = await openCollection({ name: `w ${crypto.randomUUID()}`, encoders, store });
  await photos.add([
    { id: 'text', text: 'ein Hund', meta: { tags: ['a'], at: { lat: 1 } } },
    { id: 'ünï "写真"', vector: encoders.vectorOf('x') },
    ...Array.from({ length: 700 }, (_, index) => ({
      id: `v ${index}`,
      vector: encoders.vectorOf(`v ${index}`),
      meta: { index },
    })),
  ]);
});

afterEach(async () => {
  for (const { name } of [photos, copy]) await store.call('drop', { collection: name });
  store.dispose();
});

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
  );
}

async function expectEqual(): Promise<void> {
  const ids = await photos.ids();
  expect(await copy.ids()).toEqual(ids);
  for (const id of [...ids.slice(0, 5), ...ids.slice(-3)]) {
    expect(await copy.get(id)).toEqual(await photos.get(id));
    const [vector, original] = [await copy.vector(id), await photos.vector(id)];
    vector?.forEach((value, place) => expect(value).toBeCloseTo(original?.[place] ?? NaN, 6));
  }
}

const FORMATS: readonly (readonly [string, () => VectorFiles | Promise<VectorFiles>])[] = [
  ['jsonl', () => ({ format: 'jsonl', rows: photos.exportJsonl() })],
  ['npy', () => ({ format: 'npy', ...photos.exportNpy() })],
  [
    'npy, one file after the other',
    async () => {
      const { vectors, items } = photos.exportNpy();
      const whole = await new Response(vectors).blob();
      return { format: 'npy', vectors: whole, items: await new Response(items).blob() };
    },
  ],
  [
    'parquet',
    async () => ({
      format: 'parquet',
      file: await new Response(photos.exportParquet()).blob(),
    }),
  ],
];

test.each(FORMATS)('%s: what was exported can be imported', async (_, files) => {
  const steps: RowProgress[] = [];
  const given = await files();
  const report = await copy.importVectors(given, {
    ...MODEL,
    onProgress: (step) => steps.push(step),
  });
  expect(report).toEqual({ added: 702, skipped: 0, failedCount: 0, failed: [] });
  expect(steps.at(-1)).toEqual({ done: 702, total: given.format === 'jsonl' ? null : 702 });
  await expectEqual();
  const { hits } = await copy.search({ vector: encoders.vectorOf('v 42') }, { limit: 1 });
  expect(hits[0]?.id).toBe('v 42');
});

describe('an import of vectors', () => {
  const lines = (...rows: readonly object[]): Blob =>
    new Blob(rows.map((row) => `${JSON.stringify(row)}\n`));
  const unit = (content: string): number[] => [...encoders.vectorOf(content)];

  test('leaves what is there, and reports row by row', async () => {
    const rows = lines(
      { id: 'v 1', vector: unit('other'), meta: { index: -1 } },
      { id: 'zero', vector: unit('x').fill(0) },
      { id: 'new', vector: unit('new').map((value) => value * 5), fields: { text: 'neu' } },
      { id: 'short', vector: [1] },
    );
    const report = await photos.importVectors({ format: 'jsonl', rows }, MODEL);
    expect(report).toMatchObject({ added: 1, skipped: 1, failedCount: 2 });
    expect(report.failed.map(({ row, id, code }) => [row, id, code])).toEqual([
      [1, 'zero', 'invalid-input'],
      [3, 'short', 'dimension-mismatch'],
    ]);
    expect(await photos.get('v 1')).toMatchObject({ meta: { index: 1 } });
    const found = await photos.search({ vector: encoders.vectorOf('new') }, { limit: 1 });
    expect(found.hits[0]).toMatchObject({ id: 'new', fields: { text: 'neu' } });
    expect(found.hits[0]?.score).toBeCloseTo(1, 5);
  });

  test('of another model is refused, by what the caller says or the file', async () => {
    const rows = lines({ id: 'a', vector: unit('a') });
    const wrong = { model: 'hash@2' };
    expect(await codeOf(copy.importVectors({ format: 'jsonl', rows }, wrong))).toBe(
      'model-mismatch',
    );
    const other = await openCollection({
      name: `o ${crypto.randomUUID()}`,
      encoders: new HashEncoders('hash@2'),
      store,
    });
    const file = await new Response(photos.exportParquet()).blob();
    expect(await codeOf(other.importVectors({ format: 'parquet', file }, wrong))).toBe(
      'model-mismatch',
    );
    await store.call('drop', { collection: other.name });
    expect(await copy.count()).toBe(0);
  });

  test('of what is no such file is refused', async () => {
    const junk = new Blob(['not what it says']);
    const codes = [
      copy.importVectors({ format: 'npy', vectors: junk }, MODEL),
      copy.importVectors({ format: 'parquet', file: junk }, MODEL),
      copy.importVectors({ format: 'csv' } as unknown as VectorFiles, MODEL),
      copy.importVectors({ format: 'jsonl', rows: 'text' as unknown as Blob }, MODEL),
      copy.importVectors({ format: 'parquet', file: 'x' as unknown as Blob }, MODEL),
    ].map(codeOf);
    expect(await Promise.all(codes)).toEqual([
      'import-invalid',
      'import-invalid',
      'invalid-input',
      'invalid-input',
      'invalid-input',
    ]);
    const report = await copy.importVectors({ format: 'jsonl', rows: junk }, MODEL);
    expect(report.failed.map(({ code }) => code)).toEqual(['import-invalid']);
    expect(await copy.count()).toBe(0);
  });

  test('that is aborted keeps what it has added, and goes on from there', async () => {
    const controller = new AbortController();
    const rows = await new Response(photos.exportJsonl()).blob();
    const importing = copy.importVectors(
      { format: 'jsonl', rows },
      { ...MODEL, signal: controller.signal, onProgress: () => controller.abort() },
    );
    expect(await codeOf(importing)).toBe('aborted');
    const report = await copy.importVectors({ format: 'jsonl', rows }, MODEL);
    expect(report.added + report.skipped).toBe(702);
    expect(report.skipped).toBeGreaterThanOrEqual(512);
    await expectEqual();
  });
});
