/** Segments in the origin private file system, in two real workers. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WorkerLink } from '../../client/worker-link';
import type { SegmentContract } from './test-workers/segment-contract';

const STRIDE = 384;
const ROWS = 5000;

let folder: string;
let left: WorkerLink<SegmentContract>;
let right: WorkerLink<SegmentContract>;

const rows = Uint8Array.from({ length: ROWS * STRIDE }, (_, index) => (index * 2_654_435) >>> 8);

function link(): WorkerLink<SegmentContract> {
  return new WorkerLink<SegmentContract>(
    () =>
      new Worker(new URL('./test-workers/segment.worker.ts', import.meta.url), { type: 'module' }),
  );
}

beforeEach(() => {
  folder = crypto.randomUUID();
  [left, right] = [link(), link()];
});

afterEach(async () => {
  left.dispose();
  right.dispose();
  const root = await navigator.storage.getDirectory();
  // What a worker that was just ended has open is let go of soon.
  await expect
    .poll(() => root.removeEntry('photoglot-test', { recursive: true }).then(() => true, String))
    .toBe(true);
});

function write(name: string, finish = true): Promise<null> {
  return left.call('write', { folder, name, rows, stride: STRIDE, finish });
}

function read(from: WorkerLink<SegmentContract>, name: string): Promise<Uint8Array> {
  return from.call('rows', { folder, name, rows: Uint32Array.from([0, 17, 4999]) });
}

function expected(): Uint8Array {
  return Uint8Array.from([0, 17, 4999].flatMap((row) => [...rowAt(row)]));
}

function rowAt(row: number): Uint8Array {
  return rows.subarray(row * STRIDE, (row + 1) * STRIDE);
}

test('two tabs read one segment at the same time', async () => {
  await write('a');
  const [one, other] = await Promise.all([read(left, 'a'), read(right, 'a')]);
  expect(one).toEqual(expected());
  expect(other).toEqual(expected());
  expect(await right.call('names', { folder })).toEqual(['a']);
});

test('one that was not finished is none, also when its writer dies', async () => {
  await write('a', false);
  left.dispose();
  await expect.poll(() => read(right, 'a').then(String, String)).toContain('"PGSG"');
  await expect(read(right, 'a')).rejects.toMatchObject({ code: 'storage' });
});

test('one that is read elsewhere cannot be removed; then it can', async () => {
  await write('a');
  await read(right, 'a');
  await expect(left.call('remove', { folder, name: 'a' })).rejects.toMatchObject({
    code: 'storage',
  });
  expect(await read(left, 'a')).toEqual(expected());
  await Promise.all([left.call('close', null), right.call('close', null)]);
  await left.call('remove', { folder, name: 'a' });
  await left.call('remove', { folder, name: 'a' });
  expect(await left.call('names', { folder })).toEqual([]);
});

test('one that is not there is not found', async () => {
  await expect(read(left, 'b')).rejects.toMatchObject({ code: 'not-found' });
});

test('one of the same name is replaced', async () => {
  await write('a', false);
  await left.call('close', null);
  await write('a');
  expect(await read(right, 'a')).toEqual(expected());
});
