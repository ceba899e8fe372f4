/** Downloads from a server that does what it should, and what a shelf makes of them. */
import { expect, test, describe } from 'vitest';
import { PhotoglotError } from '../errors';
import {
  CHUNK,
  DownloadBench,
  NAME,
  rangeOf,
  SIZE,
  type Proof,
} from './test-workers/download-bench';

const ALL = [0, 1, 2, 3, 4].map((index) => rangeOf(index));
const PROOFS: Proof[] = ['chunks', 'whole', 'nothing'];

describe.each(PROOFS)('a file that is proven by %s', (proof) => {
  test('arrives in one request per chunk, and is kept with its digest', async () => {
    const bench = await DownloadBench.start(proof);
    const state = await bench.download();
    expect(state).toMatchObject({ chunks: 5, bytes: SIZE, size: SIZE });
    expect(state.sha256).toMatch(/^[0-9a-f]{64}$/);
    if (bench.source.sha256 !== null) expect(state.sha256).toBe(bench.source.sha256);
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual(ALL);
    expect(bench.wasted).toBe(0);
  });

  test.each([1, 2, 3, 4, 5])('goes on behind %i kept chunks', async (chunks) => {
    const bench = await DownloadBench.start(proof);
    await bench.prepare(chunks);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual(ALL.slice(chunks));
    expect(bench.shelf.begun).toBe(1);
    expect(bench.progress[0]?.loaded).toBe(Math.min(chunks * CHUNK, SIZE));
  });

  test('that is complete needs no server', async () => {
    const bench = await DownloadBench.start(proof);
    const state = await bench.download();
    await bench.server.forget();
    expect(await bench.download()).toEqual(state);
    expect(await bench.server.log()).toEqual([]);
  });

  test('of unknown size is as long as the server says', async () => {
    const bench = await DownloadBench.start(proof, [{}], { size: null });
    await expect(bench.download()).resolves.toMatchObject({ size: SIZE, bytes: SIZE });
    expect(await bench.isRight()).toBe(true);
    expect(bench.progress.at(-1)).toMatchObject({ loaded: SIZE, total: SIZE });
  });
});

describe('what is kept', () => {
  test('is hashed again where the state of the hash is damaged', async () => {
    const bench = await DownloadBench.start('whole');
    await bench.prepare(3);
    const { hashState } = (await bench.shelf.find(bench.source.key)) ?? {};
    const damaged = hashState?.slice() ?? new Uint8Array();
    damaged[60] = (damaged[60] ?? 0) ^ 1;
    bench.shelf.alter(bench.source.key, { hashState: damaged });
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual(ALL.slice(3));
  });

  test.each([
    ['is missing', null],
    ['is cut', new Uint8Array(20)],
    ['is of something else', new Uint8Array(200)],
  ])('is hashed again where that state %s', async (_, hashState) => {
    const bench = await DownloadBench.start('nothing');
    await bench.prepare(2);
    bench.shelf.alter(bench.source.key, { hashState });
    const { sha256 } = await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(sha256).toBe((await DownloadBench.start('whole')).source.sha256);
    expect(await bench.server.ranges()).toEqual(ALL.slice(2));
  });

  test('is of no use in chunks of another size', async () => {
    const bench = await DownloadBench.start('whole');
    await bench.prepare(2);
    await bench.download({ chunkSize: 2 * CHUNK });
    expect(await bench.isRight()).toBe(true);
    expect(bench.shelf.begun).toBe(2);
    // A complete file is taken in any.
    await bench.server.forget();
    await bench.download();
    expect(await bench.server.log()).toEqual([]);
  });

  test('may be more than expected: another tab was faster', async () => {
    const bench = await DownloadBench.start('whole');
    const other = await DownloadBench.start('whole');
    await other.prepare(3);
    let isFirst = true;
    bench.shelf.onAppend = () => {
      if (!isFirst) return;
      isFirst = false;
      // Three chunks at once, put there by somebody else.
      bench.shelf.copyFrom(other.shelf, bench.source.key);
    };
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual([ALL[0], ALL[3], ALL[4]]);
  });

  test('may be the same chunk with other bytes: the hash goes on from those', async () => {
    const bench = await DownloadBench.start('nothing');
    const other = await DownloadBench.start('nothing', [{ seed: 8 }]);
    await other.prepare(1);
    let isFirst = true;
    bench.shelf.onAppend = () => {
      if (!isFirst) return;
      isFirst = false;
      bench.shelf.copyFrom(other.shelf, bench.source.key, other.source.key);
    };
    const { sha256 } = await bench.download();
    const { DigestStream } = await import('./digest-stream');
    const stream = await DigestStream.create();
    stream.update(await bench.shelf.bytes(bench.source.key));
    expect(sha256).toBe(stream.digest());
  });

  test('stays when the disk is full, and the error is the shelf’s', async () => {
    const bench = await DownloadBench.start('chunks');
    const full = new PhotoglotError('quota-exceeded', 'full');
    bench.shelf.onAppend = ({ index }) => {
      if (index === 2) throw full;
    };
    await expect(bench.download()).rejects.toBe(full);
    bench.shelf.onAppend = () => undefined;
    await bench.server.forget();
    await bench.download();
    expect(await bench.server.ranges()).toEqual(ALL.slice(2));
  });
});

describe('the first use of a file without a digest', () => {
  test('records one, and it is enforced afterwards', async () => {
    const bench = await DownloadBench.start('nothing');
    const { sha256 } = await bench.download();
    expect(sha256).toBe((await DownloadBench.start('whole')).source.sha256);
    // What the caller passes once it is known; the server has another file by now.
    await bench.shelf.drop(bench.source.key);
    await bench.server.change({ files: { [NAME]: { size: SIZE, seed: 8 } } });
    await expect(bench.download({}, { sha256 })).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringContaining(`expected ${String(sha256)}`) as string,
    });
    expect(await bench.shelf.find(bench.source.key)).toBeNull();
  });
});

describe('requests', () => {
  test('bypass the browser’s cache and carry no cookies elsewhere', async () => {
    const bench = await DownloadBench.start('chunks');
    const seen: RequestInit[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = (input, init) => {
      seen.push(init ?? {});
      return fetch(input, init);
    };
    try {
      await bench.download();
    } finally {
      globalThis.fetch = fetch;
    }
    expect(seen).toHaveLength(5);
    expect(seen.map(({ cache }) => cache)).toEqual(Array(5).fill('no-store'));
    expect(seen.every(({ credentials }) => credentials === undefined)).toBe(true);
  });

  test('name the version that is wanted: on this origin, and without digests of chunks only', async () => {
    const ifRange = async (proof: Proof): Promise<(string | null)[]> => {
      const bench = await DownloadBench.start(proof);
      await bench.download();
      return (await bench.server.log()).map((entry) => entry.ifRange);
    };
    expect(await ifRange('whole')).toEqual([null, ...Array<string>(4).fill('"v1"')]);
    expect(await ifRange('chunks')).toEqual(Array(5).fill(null));
  });
});

test('progress goes forward, to the end, and not too often', async () => {
  const bench = await DownloadBench.start('chunks');
  await bench.download();
  const loaded = bench.progress.map((progress) => progress.loaded);
  expect(loaded).toEqual([...loaded].sort((left, right) => left - right));
  expect(bench.progress[0]).toEqual({ loaded: 0, total: SIZE, received: 0 });
  expect(bench.progress.at(-1)).toEqual({ loaded: SIZE, total: SIZE, received: SIZE });
});

test('an insecure page is told that nothing can be verified there', async () => {
  const bench = await DownloadBench.start('chunks');
  const { subtle } = crypto;
  Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
  try {
    await expect(bench.download()).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringContaining('needs a secure context') as string,
    });
  } finally {
    Object.defineProperty(crypto, 'subtle', { value: subtle, configurable: true });
  }
  expect(await bench.server.log()).toEqual([]);
});

test('an empty file is one, if its size is known', async () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const bench = await DownloadBench.start('whole', [{ size: 0 }], { size: 0, sha256: empty });
  await expect(bench.download()).resolves.toMatchObject({ sha256: empty, bytes: 0, chunks: 0 });
  const unknown = await DownloadBench.start('nothing', [{ size: 0 }], { size: null });
  await expect(unknown.download()).rejects.toMatchObject({
    code: 'integrity',
    message: expect.stringContaining('is empty, expected a model file') as string,
  });
});
