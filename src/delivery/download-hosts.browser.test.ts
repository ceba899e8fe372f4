/** Downloads that have more than one host to turn to, on this origin and on another. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { FaultRule } from '../../scripts/fault-types.mjs';
import {
  CHUNK,
  DownloadBench,
  NAME,
  rangeOf,
  SIZE,
  type Proof,
} from './test-workers/download-bench';
import { otherOrigin } from './test-workers/faulty-host';

const ALL = [0, 1, 2, 3, 4].map((index) => rangeOf(index));
const DOWN: FaultRule[] = [{ kind: 'status', status: 503, times: 0 }];
const MONDAY = 'Mon, 01 Jan 2024 00:00:00 GMT';
const TUESDAY = 'Tue, 02 Jan 2024 00:00:00 GMT';
const NOT_THERE: FaultRule[] = [{ kind: 'status', status: 404, times: 0 }];

let other: string;
beforeAll(async () => {
  other = await otherOrigin();
});

describe('the next host', () => {
  test.each<[string, FaultRule[], number]>([
    ['has not got the file', NOT_THERE, 1],
    ['is down', DOWN, 6],
    ['has a page there', [{ kind: 'html', times: 0 }], 1],
    ['asks for patience', [{ kind: 'status', status: 429, retryAfter: '61', times: 0 }], 1],
  ])('is asked when the first %s', async (_, rules, attempts) => {
    const bench = await DownloadBench.start('chunks', [{ rules }, {}]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.servers[0]?.log()).toHaveLength(attempts);
    expect(await bench.servers[1]?.ranges()).toEqual(ALL);
    // Other files of the model begin there.
    expect(bench.hosts.current).toBe(1);
  });

  test('brings what is wrong at the first', async () => {
    const rules: FaultRule[] = [{ kind: 'flip', at: CHUNK, times: 0 }];
    const bench = await DownloadBench.start('chunks', [{ rules }, {}]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.servers[0]?.ranges()).toEqual(ALL.slice(0, 2));
    expect(await bench.servers[1]?.ranges()).toEqual(ALL.slice(1));
  });

  test('brings the file, where only all of it can be proven', async () => {
    const rules: FaultRule[] = [{ kind: 'flip', at: CHUNK, times: 0 }];
    const bench = await DownloadBench.start('whole', [{ rules }, {}]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.servers[1]?.ranges()).toEqual(ALL);
  });

  test('goes on where the first has stopped, if a digest decides in the end', async () => {
    const rules: FaultRule[] = [{ kind: 'status', status: 404, skip: 2, times: 0 }];
    for (const proof of ['chunks', 'whole'] satisfies Proof[]) {
      const bench = await DownloadBench.start(proof, [{ rules }, { options: { etag: '"b"' } }]);
      await bench.download();
      expect(await bench.isRight()).toBe(true);
      expect(await bench.servers[1]?.ranges()).toEqual(ALL.slice(2));
    }
  });

  test('begins anew, if nothing tells that it has the same file', async () => {
    const rules: FaultRule[] = [{ kind: 'status', status: 404, skip: 2, times: 0 }];
    const bench = await DownloadBench.start('nothing', [{ rules }, { seed: 8 }]);
    await bench.download();
    expect(await bench.isRight(8)).toBe(true);
    expect(await bench.servers[1]?.ranges()).toEqual(ALL);
  });

  test('is not asked for such a file as long as the first one, which began it, is there', async () => {
    const bench = await DownloadBench.start('nothing', [{}, {}]);
    await bench.prepare(2);
    bench.hosts.worked(1);
    await bench.download();
    expect(await bench.servers[0]?.ranges()).toEqual(ALL.slice(2));
    expect(await bench.servers[1]?.ranges()).toEqual([]);
  });

  test('costs nothing that is kept when it has not got the file either', async () => {
    const bench = await DownloadBench.start('nothing', [{}, { rules: NOT_THERE }]);
    await bench.prepare(2);
    await bench.server.change({ rules: DOWN });
    await expect(bench.download()).rejects.toMatchObject({ code: 'network' });
    expect(await bench.shelf.find(bench.source.key)).toMatchObject({ chunks: 2 });
  });
});

describe('when all hosts fail', () => {
  test('the error is the first one’s, and names the others', async () => {
    const bench = await DownloadBench.start('chunks', [{ rules: NOT_THERE }, { rules: DOWN }]);
    const [first, second] = bench.source.urls;
    await expect(bench.download()).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(
        new RegExp(`^${first} could.*answered 404.*Other hosts: ${second ?? ''} .*answered 503`),
      ) as string,
    });
  });

  test('and one has something else than the file, that is what it is about', async () => {
    const page: FaultRule[] = [{ kind: 'html', times: 0 }];
    const bench = await DownloadBench.start('chunks', [{ rules: NOT_THERE }, { rules: page }]);
    await expect(bench.download()).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringMatching(/answered 404.*Other hosts: .*is an HTML page/) as string,
    });
    // Failed once, then succeeds.
    await Promise.all(bench.servers.map((server) => server.change({ rules: [] })));
    await bench.download();
    expect(await bench.isRight()).toBe(true);
  });
});

describe('another origin', () => {
  test.each<[string, Proof, number | null]>([
    ['of known size', 'chunks', SIZE],
    ['of unknown size', 'whole', null],
    ['of which nothing is known', 'nothing', null],
  ])(
    'brings a file %s, without preflights, cookies and readable headers',
    async (_, proof, size) => {
      // Always readable, unlike the ETag: without it nothing would tell that the rest belongs to it.
      const setting = { origin: other, options: { lastModified: MONDAY } };
      const bench = await DownloadBench.start(proof, [setting], { size });
      await bench.prepare(2);
      await bench.download();
      expect(await bench.isRight()).toBe(true);
      const log = await bench.server.log();
      expect(new Set(log.map(({ method }) => method))).toEqual(new Set(['GET']));
      expect(log.every(({ ifRange, cookie }) => ifRange === null && cookie === null)).toBe(true);
      expect(bench.wasted).toBe(0);
    },
  );

  test.each<[string, number | null]>([
    ['known', SIZE],
    ['unknown', null],
  ])('may hide that a file of %s size is compressed', async (_, size) => {
    const options = { gzip: true };
    for (const range of [true, false]) {
      const setting = { origin: other, options: { ...options, range } };
      const bench = await DownloadBench.start('whole', [setting], { size });
      await bench.download();
      expect(await bench.isRight()).toBe(true);
    }
  });

  test('tells what changed, if it shows its ETag', async () => {
    const setting = { origin: other, options: { expose: 'ETag, Content-Range' } };
    const bench = await DownloadBench.start('nothing', [setting]);
    await bench.prepare(2);
    await bench.server.change({ options: { etag: '"v2"' } });
    await bench.download();
    expect(await bench.server.ranges()).toEqual([ALL[2], ...ALL]);
  });

  test.each<[string, string | null, string | null]>([
    ['nothing', null, null],
    ['a date from now on', null, TUESDAY],
    ['no date any more', MONDAY, null],
    ['another date', MONDAY, TUESDAY],
  ])('that shows %s begins what an earlier call has kept anew', async (_, before, now) => {
    const setting = { origin: other, options: { lastModified: before } };
    const bench = await DownloadBench.start('nothing', [setting]);
    await bench.prepare(2);
    const files = { [NAME]: { size: SIZE, seed: 8 } };
    await bench.server.change({ files, options: { lastModified: now } });
    await bench.download();
    expect(await bench.isRight(8)).toBe(true);
    expect(await bench.server.ranges()).toEqual([ALL[2], ...ALL]);
  });

  test('that has less than is kept has another version', async () => {
    const setting = { origin: other, options: { lastModified: MONDAY } };
    const bench = await DownloadBench.start('nothing', [setting], { size: null });
    await bench.prepare(3);
    const size = 2 * CHUNK;
    await bench.server.change({
      files: { [NAME]: { size, seed: 8 } },
      options: { lastModified: TUESDAY },
    });
    await bench.download();
    expect(await bench.isRight(8, size)).toBe(true);
  });

  test('that has a file of the wrong size costs nothing that is kept', async () => {
    const bench = await DownloadBench.start('nothing', [
      { origin: other, options: { lastModified: MONDAY, expose: 'Content-Range' } },
    ]);
    await bench.prepare(3);
    await bench.server.change({
      files: { [NAME]: { size: SIZE + 1, seed: 8 } },
      options: { lastModified: TUESDAY },
    });
    await expect(bench.download()).rejects.toMatchObject({ code: 'integrity' });
    expect(await bench.shelf.find(bench.source.key)).toMatchObject({ chunks: 3 });
  });

  test('that breaks off once does not send again what is kept, though nobody knows its size', async () => {
    const setting = { origin: other, options: { lastModified: MONDAY, keepAlive: false } };
    const bench = await DownloadBench.start('whole', [setting], { size: null });
    await bench.prepare(3);
    await bench.server.change({ rules: [{ kind: 'drop' }] });
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toContain('-');
    expect(bench.wasted).toBe(0);
  });

  test('that may not be read is no host', async () => {
    const bench = await DownloadBench.start('chunks', [
      { origin: other, options: { cors: false } },
    ]);
    await expect(bench.download()).rejects.toMatchObject({ code: 'network' });
  });
});
