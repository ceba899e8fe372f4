/** The model cache through its worker: real storage, and a server that misbehaves on command. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededBytes } from '../../scripts/seeded-bytes.mjs';
import { FaultyHost } from '../delivery/test-workers/faulty-host';
import type { DeliveryProgress, FileListing } from '../protocol/delivery-contract';
import { openModelCache } from './model-cache';
import type { ModelCache } from './model-cache-api';
import { PauseController } from './pause-controller';

const CHUNK = 8 * 2 ** 20;
const STALLED = 2 ** 20;
let models: ModelCache;

beforeEach(async () => {
  models = openModelCache();
  // What other tests have left.
  for (const { key } of await models.list()) await models.delete(key);
});

afterEach(async () => {
  for (const { key } of await models.list()) await models.delete(key);
  models.dispose();
});

function bytesOf(seed: number, size: number): Uint8Array<ArrayBuffer> {
  return seededBytes(seed, 0, size);
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function listing(host: FaultyHost, files: FileListing['files']): FileListing {
  return { id: 'things', version: '1', url: host.url(''), files };
}

async function sameBytes(
  blob: Blob | undefined,
  expected: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (blob?.size !== expected.length) return false;
  return (await digest(new Uint8Array(await blob.arrayBuffer()))) === (await digest(expected));
}

describe('a listing of files', () => {
  test('is downloaded, kept, listed, verified and deleted', async () => {
    const a = bytesOf(1, CHUNK + 1000);
    const b = bytesOf(2, 5000);
    const host = await FaultyHost.start({
      files: { 'a.bin': { size: a.length, seed: 1 }, 'sub/b.bin': { size: 5000, seed: 2 } },
    });
    const source = listing(host, {
      'a.bin': { size: a.length, sha256: await digest(a) },
      'sub/b.bin': { size: 5000, sha256: await digest(b) },
    });
    const seen: DeliveryProgress[] = [];
    const first = await models.download(source, { onProgress: (progress) => seen.push(progress) });
    expect(first).toMatchObject({ integrity: 'verified', stored: true, manifest: null });
    expect(first.downloaded).toBe(a.length + b.length);
    expect(await sameBytes(first.files['a.bin'], a)).toBe(true);
    expect(await sameBytes(first.files['sub/b.bin'], b)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ loaded: a.length + b.length, total: a.length + b.length });

    const again = await models.download(source);
    expect(again.downloaded).toBe(0);
    expect(await sameBytes(again.files['a.bin'], a)).toBe(true);

    const [kept, ...others] = await models.list();
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      id: 'things',
      version: '1',
      bytes: a.length + b.length,
      complete: true,
      files: ['a.bin', 'sub/b.bin'],
    });
    const key = kept?.key ?? '';
    expect(await models.verify(key)).toEqual({
      key,
      intact: ['a.bin', 'sub/b.bin'],
      damaged: [],
      missing: [],
    });
    expect((await models.usage()).models).toBe(a.length + b.length);
    expect(await models.delete(key)).toBe(true);
    expect(await models.delete(key)).toBe(false);
    expect(await models.list()).toEqual([]);
  });

  test('without digests is refused, or trusted at its first use and held to it', async () => {
    const host = await FaultyHost.start({ files: { 'a.bin': { size: 5000, seed: 1 } } });
    const source = listing(host, { 'a.bin': {} });
    await expect(models.download(source)).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringContaining('has no SHA-256') as string,
    });
    const first = await models.download(source, { integrity: 'first-use' });
    expect(first.integrity).toBe('first-use');
    // Damaged on the disk, say, and another file there by now.
    const held = { integrity: 'first-use' } as const;
    await host.change({ files: { 'a.bin': { size: 5000, seed: 2 } } });
    expect((await models.download(source, held)).downloaded).toBe(0);
    await models.delete(first.key);
    // Deleting a model forgets what it was, so that a new one may come.
    const second = await models.download(source, held);
    expect(await sameBytes(second.files['a.bin'], bytesOf(2, 5000))).toBe(true);
  });

  test('that breaks off goes on at the first missing chunk', async () => {
    const bytes = bytesOf(3, 3 * CHUNK);
    const host = await FaultyHost.start({
      files: { 'a.bin': { size: bytes.length, seed: 3 } },
      rules: [{ kind: 'status', status: 404, skip: 2, times: 0 }],
    });
    const source = listing(host, { 'a.bin': { size: bytes.length, sha256: await digest(bytes) } });
    await expect(models.download(source)).rejects.toMatchObject({ code: 'network' });
    expect(await models.list()).toMatchObject([{ complete: false, bytes: 2 * CHUNK }]);
    const before = (await host.log()).length;
    await host.change({ rules: [] });
    const done = await models.download(source);
    expect(done.downloaded).toBe(CHUNK);
    expect(await sameBytes(done.files['a.bin'], bytes)).toBe(true);
    expect((await host.ranges()).slice(before)).toEqual([`${2 * CHUNK}-${3 * CHUNK - 1}`]);
    expect(await models.list()).toMatchObject([{ complete: true }]);
  });

  test('can be halted and goes on', async () => {
    const bytes = bytesOf(4, 2 * CHUNK);
    const host = await FaultyHost.start({
      files: { 'a.bin': { size: bytes.length, seed: 4 } },
      rules: [{ kind: 'stall', after: STALLED }],
    });
    const pause = new PauseController();
    const states: string[] = [];
    const source = listing(host, { 'a.bin': { size: bytes.length, sha256: await digest(bytes) } });
    const done = await models.download(source, {
      pause,
      onProgress: ({ state, loaded }) => {
        if (states.at(-1) !== state) states.push(state);
        if (states.length === 1 && loaded >= STALLED / 2) pause.pause();
        // What was stalled is asked for anew, from where it was.
        if (state === 'paused') pause.resume();
      },
    });
    expect(await sameBytes(done.files['a.bin'], bytes)).toBe(true);
    expect(states.slice(0, 3)).toEqual(['downloading', 'paused', 'downloading']);
    // It goes on from what was in memory.
    const [, second = ''] = await host.ranges();
    expect(Number(second.split('-')[0])).toBeGreaterThanOrEqual(STALLED / 2);
  });

  test('in memory leaves nothing', async () => {
    const bytes = bytesOf(5, 5000);
    const host = await FaultyHost.start({ files: { 'a.bin': { size: 5000, seed: 5 } } });
    const source = listing(host, { 'a.bin': { size: 5000, sha256: await digest(bytes) } });
    const done = await models.download(source, { storage: 'memory' });
    expect(done.stored).toBe(false);
    expect(await models.list()).toEqual([]);
    models.dispose();
    models = openModelCache();
    expect(await sameBytes(done.files['a.bin'], bytes)).toBe(true);
  });

  test('wanted by two at once is downloaded once', async () => {
    const other = openModelCache();
    const bytes = bytesOf(6, 3 * CHUNK);
    const host = await FaultyHost.start({ files: { 'a.bin': { size: bytes.length, seed: 6 } } });
    const source = listing(host, { 'a.bin': { size: bytes.length, sha256: await digest(bytes) } });
    const pause = new PauseController();
    pause.pause();
    // The first halts until the second has begun to wait for it.
    let begun = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const first = models.download(source, {
      pause,
      onProgress: ({ state }) => {
        if (state === 'paused') begun();
      },
    });
    await hasBegun;
    const states = new Set<string>();
    const second = other.download(source, {
      onProgress: ({ state }) => {
        states.add(state);
        pause.resume();
      },
    });
    const both = await Promise.all([first, second]);
    expect(both.map(({ downloaded }) => downloaded)).toEqual([bytes.length, 0]);
    for (const { files } of both) expect(await sameBytes(files['a.bin'], bytes)).toBe(true);
    expect((await host.log()).reduce((sum, request) => sum + request.bytes, 0)).toBe(bytes.length);
    expect(states).toContain('paused');
    expect(states).toContain('waiting-for-other-tab');
    other.dispose();
  });
});

describe('files that are shared', () => {
  test('by two models are downloaded once, whatever the size of their pieces', async () => {
    const other = openModelCache();
    const size = 3 * STALLED;
    const bytes = bytesOf(7, size);
    const host = await FaultyHost.start({ files: { 'a.bin': { size, seed: 7 } } });
    const sha256 = await digest(bytes);
    const inPieces = async (each: number): Promise<FileListing> => {
      const pieces = Array.from({ length: Math.ceil(size / each) }, (_, index) =>
        digest(bytes.slice(index * each, (index + 1) * each)),
      );
      const chunks = { size: each, sha256: await Promise.all(pieces) };
      return { ...listing(host, { 'a.bin': { size, sha256, chunks } }), version: String(each) };
    };
    const both = await Promise.all([
      models.download(await inPieces(STALLED)),
      other.download(await inPieces(STALLED / 2)),
    ]);
    for (const { files } of both) expect(await sameBytes(files['a.bin'], bytes)).toBe(true);
    const sent = (await host.log()).reduce((sum, request) => sum + request.bytes, 0);
    expect(sent).toBe(size);
    other.dispose();
  });

  test('by two names of one model are downloaded once', async () => {
    const bytes = bytesOf(8, 5000);
    const file = { size: 5000, seed: 8 };
    const host = await FaultyHost.start({ files: { 'a.bin': file, 'b.bin': file } });
    const facts = { size: 5000, sha256: await digest(bytes) };
    const done = await models.download(listing(host, { 'a.bin': facts, 'b.bin': facts }));
    expect(done.downloaded).toBe(5000);
    expect(await sameBytes(done.files['a.bin'], bytes)).toBe(true);
    expect(await sameBytes(done.files['b.bin'], bytes)).toBe(true);
  });
});

test('in memory, two calls for files of one model do not disturb each other', async () => {
  const size = 3 * STALLED;
  const host = await FaultyHost.start({
    files: { 'a.bin': { size: 5000, seed: 1 }, 'b.bin': { size, seed: 2 } },
  });
  const source = listing(host, {
    'a.bin': { size: 5000, sha256: await digest(bytesOf(1, 5000)) },
    'b.bin': { size, sha256: await digest(bytesOf(2, size)) },
  });
  const [a, b] = await Promise.all([
    models.download(source, { storage: 'memory', files: ['a.bin'] }),
    models.download(source, { storage: 'memory', files: ['b.bin'] }),
  ]);
  expect(await sameBytes(a.files['a.bin'], bytesOf(1, 5000))).toBe(true);
  expect(await sameBytes(b.files['b.bin'], bytesOf(2, size))).toBe(true);
});

test('a failure while other files begin leaves the worker well', async () => {
  const facts = { size: 5000, sha256: await digest(bytesOf(1, 5000)) };
  const host = await FaultyHost.start({ files: { 'b.bin': { size: 5000, seed: 1 } } });
  const names = ['none.bin', 'b.bin', 'c.bin'];
  const source = listing(host, Object.fromEntries(names.map((name) => [name, facts])));
  const distinct = listing(host, {
    ...source.files,
    'c.bin': { ...facts, sha256: '0'.repeat(64) },
  });
  for (let round = 0; round < 3; round++) {
    const call = models.download(distinct);
    await expect(call).rejects.toMatchObject({ code: 'network' });
    // A report that comes late must not bring the worker down.
    expect((await models.usage()).models).toBeGreaterThanOrEqual(0);
  }
});

describe('a model with a manifest', () => {
  test('brings what a lens needs', async () => {
    const mini = await models.download('mini', { assets: '/' });
    expect(mini).toMatchObject({ id: 'mini', integrity: 'verified', stored: true });
    expect(Object.keys(mini.files).toSorted()).toEqual([
      'image.onnx',
      'text.onnx',
      'tokenizer.json',
    ]);
    for (const [name, blob] of Object.entries(mini.files)) {
      expect(blob.size).toBe(mini.manifest?.files[name]?.size);
    }
  });
});
