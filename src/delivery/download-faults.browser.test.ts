/** Downloads from servers that misbehave: each ends with the right file, or says what is wrong. */
import { describe, expect, test } from 'vitest';
import type { FaultOptions, FaultRule } from '../../scripts/fault-types.mjs';
import {
  CHUNK,
  DownloadBench,
  NAME,
  rangeOf,
  SIZE,
  type Proof,
} from './test-workers/download-bench';

const ALL = [0, 1, 2, 3, 4].map((index) => rangeOf(index));

/** What a failing download says. */
async function failureOf(download: Promise<unknown>): Promise<string> {
  const error = (await download.catch((thrown: unknown) => thrown)) as {
    code?: string;
    message?: string;
  };
  return `${String(error.code)}: ${String(error.message)}`;
}

function start(rules: FaultRule[], options: FaultOptions = {}): Promise<DownloadBench> {
  return DownloadBench.start('chunks', [{ rules, options }]);
}

describe('a connection', () => {
  test('that breaks is taken up within the chunk', async () => {
    const bench = await start([{ kind: 'drop', after: 10_000, skip: 1 }]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    const ranges = await bench.server.ranges();
    expect([ranges.length, ranges[0], ranges[1]]).toEqual([6, ALL[0], ALL[1]]);
    // How much of it the browser hands on before it reports the break is its own affair.
    expect(ranges[2]).toMatch(new RegExp(`^(\\d+)-${2 * CHUNK - 1}$`));
    expect(bench.wasted).toBe(0);
  });

  test('that breaks again and again brings the file, as long as it brings something', async () => {
    const rules: FaultRule[] = [{ kind: 'drop', after: 10_000, times: 0 }];
    const bench = await start(rules);
    // Many, as of a few breaks in a row the browser may report no byte.
    const failures = 20;
    await bench.download({ forgivingBytes: 1000, failures });
    expect(await bench.isRight()).toBe(true);
    expect(bench.wasted).toBe(0);
    expect((await bench.server.ranges()).length).toBeGreaterThan(failures + ALL.length);
  });

  test('that always breaks ends the download after six failures in a row', async () => {
    const bench = await start([{ kind: 'drop', times: 0 }]);
    const failure = await failureOf(bench.download());
    expect(failure).toMatch(/^network: .*could not be fetched: offline, blocked, or the conn/);
    expect(failure).toMatch(/failed 6 times in a row\. What has arrived is kept/);
    // In turn for the part and for the whole; the browser itself asks again on top.
    expect(new Set(await bench.server.ranges())).toEqual(new Set([ALL[0], '-']));
  });

  test('that stalls is replaced', async () => {
    const bench = await start([
      { kind: 'stall', after: 10_000 },
      { kind: 'stall', skip: 1 },
    ]);
    await bench.download({ stallMs: 500 });
    expect(await bench.isRight()).toBe(true);
    expect(bench.wasted).toBe(0);
  });

  test('that always stalls is named as such', async () => {
    const bench = await start([{ kind: 'stall', times: 0 }]);
    const failure = await failureOf(bench.download({ stallMs: 50, failures: 2 }));
    expect(failure).toMatch(/^network: .*the server sent nothing for 0\.05 s\. It failed 2 times/);
  });

  test('that is slow is waited for', async () => {
    const bench = await start([{ kind: 'drip', bytes: 16_384, every: 2, times: 0 }]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual(ALL);
  });

  test('that ends early without an error is taken up, too', async () => {
    const bench = await start([{ kind: 'truncate', after: 10_000, skip: 2 }]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(bench.wasted).toBe(0);
    const ranges = await bench.server.ranges();
    expect(ranges).toContain(rangeOf(2, 10_000));
  });

  test('whose answer has no end but all its bytes is not waited for', async () => {
    const bench = await start([{ kind: 'stall', after: CHUNK, times: 0 }], {
      contentLength: false,
    });
    await bench.download({ endMs: 1 });
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual(ALL);
  });
});

describe('a status', () => {
  test.each([408, 425, 429, 500, 502, 503])('%i is asked again', async (status) => {
    const bench = await start([{ kind: 'status', status, times: 2, skip: 1 }]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.log()).toHaveLength(7);
  });

  test.each([400, 401, 403, 404, 410, 451])('%i is final', async (status) => {
    const bench = await start([{ kind: 'status', status, times: 0 }]);
    expect(await failureOf(bench.download())).toMatch(
      new RegExp(
        `^network: http.*/${NAME} could not be fetched: the server answered ${status}, ` +
          'expected 200 or 206',
      ),
    );
    expect(await bench.server.log()).toHaveLength(1);
  });

  test('that always comes is named', async () => {
    const bench = await start([{ kind: 'status', status: 503, times: 0 }]);
    const failure = await failureOf(bench.download());
    expect(failure).toMatch(/^network: .*answered 503.*Try again later\. It failed 6 times/);
  });

  test('is waited for as the server asks, or until the browser is online again', async () => {
    const bench = await start([{ kind: 'status', status: 429, retryAfter: '50' }]);
    let isDone = false;
    const download = bench.download().finally(() => (isDone = true));
    await expect
      .poll(() => {
        globalThis.dispatchEvent(new Event('online'));
        return isDone;
      })
      .toBe(true);
    await download;
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.log()).toHaveLength(6);
  });

  test('that asks for a longer wait than anybody has is final', async () => {
    const bench = await start([{ kind: 'status', status: 429, retryAfter: '3600', times: 0 }]);
    expect(await failureOf(bench.download())).toMatch(/^network: .*answered 429/);
    expect(await bench.server.log()).toHaveLength(1);
  });

  test('416 means that the file there is shorter', async () => {
    const short = 2 * CHUNK;
    const bench = await DownloadBench.start('chunks', [
      { size: short, options: { totalLength: false } },
    ]);
    expect(await failureOf(bench.download())).toMatch(
      new RegExp(`^integrity: .*has at most ${short} bytes, expected ${SIZE}\\. Upload`),
    );
  });
});

describe('wrong bytes', () => {
  test('in a chunk are never kept: it is fetched again, once', async () => {
    const bench = await start([{ kind: 'flip', at: 2 * CHUNK + 5 }]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual([...ALL.slice(0, 3), ...ALL.slice(2)]);
    expect(bench.wasted).toBe(CHUNK);
  });

  test('that stay wrong end the download, with what was proven kept', async () => {
    const bench = await start([{ kind: 'flip', at: 2 * CHUNK + 5, times: 0 }]);
    const failure = await failureOf(bench.download());
    const expected = bench.source.chunks?.sha256[2] ?? '';
    expect(failure).toMatch(
      new RegExp(
        `^integrity: .* has, in bytes ${2 * CHUNK} to ${3 * CHUNK - 1}, SHA-256 [0-9a-f]{64}, ` +
          `expected ${expected}\\. Upload the model's files again`,
      ),
    );
    expect(await bench.server.ranges()).toEqual([...ALL.slice(0, 3), ALL[2]]);
    expect(await bench.shelf.find(bench.source.key)).toMatchObject({ chunks: 2, sha256: null });
  });

  test('in a file without digests of chunks cost the file, once', async () => {
    const bench = await DownloadBench.start('whole', [{ rules: [{ kind: 'flip', at: 5 }] }]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual([...ALL, ...ALL]);
    expect(bench.progress.filter(({ restarted }) => restarted)).toHaveLength(1);
  });

  test('that stay wrong in such a file leave nothing behind', async () => {
    const bench = await DownloadBench.start('whole', [
      { rules: [{ kind: 'flip', at: 5, times: 0 }] },
    ]);
    expect(await failureOf(bench.download())).toMatch(
      new RegExp(`^integrity: .*has SHA-256 [0-9a-f]{64}, expected ${bench.source.sha256 ?? ''}`),
    );
    expect(await bench.server.log()).toHaveLength(10);
    expect(await bench.shelf.find(bench.source.key)).toBeNull();
  });

  test('whose chunks are right are the fault of the digests, and not fetched again', async () => {
    const wrong = '0'.repeat(64);
    const bench = await DownloadBench.start('chunks', [{}], { sha256: wrong, key: wrong });
    expect(await failureOf(bench.download())).toContain(`expected ${wrong}`);
    expect(await bench.server.ranges()).toEqual(ALL);
  });
});

describe('something else than the file', () => {
  test('a page is recognised', async () => {
    const bench = await start([{ kind: 'html', times: 0 }]);
    expect(await failureOf(bench.download())).toMatch(
      /^integrity: .*is an HTML page, expected a model file\. Is the model's folder served there\?/,
    );
    expect(await bench.server.log()).toHaveLength(1);
  });

  test.each([
    ['longer', SIZE + 10],
    ['shorter', SIZE - 10],
  ])('a %s one is refused at its first answer', async (_, size) => {
    const bench = await DownloadBench.start('chunks', [{ size }]);
    expect(await failureOf(bench.download())).toMatch(
      new RegExp(`^integrity: .*has ${size} bytes, expected ${SIZE}\\. Upload`),
    );
    expect(await bench.server.log()).toHaveLength(1);
    expect(await bench.shelf.bytes(bench.source.key)).toHaveLength(0);
  });

  test('a range with more bytes than asked for', async () => {
    const bench = await start([{ kind: 'oversize', after: 10, times: 0 }]);
    expect(await failureOf(bench.download())).toMatch(
      /^integrity: .*sent more than the range that was asked for, expected its end at byte 65536/,
    );
  });

  test('a whole file that goes on behind its end', async () => {
    const bench = await DownloadBench.start('whole', [
      { size: SIZE + 10, options: { range: false, contentLength: false } },
    ]);
    expect(await failureOf(bench.download())).toMatch(
      new RegExp(`^integrity: .*has more than ${SIZE} bytes, expected ${SIZE}`),
    );
  });
});

describe('a server without ranges', () => {
  const options: FaultOptions = { range: false };

  test('sends the file once, for all chunks', async () => {
    const bench = await start([], options);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.log()).toMatchObject([{ status: 200, bytes: SIZE }]);
    expect(bench.wasted).toBe(0);
  });

  test('sends again what is kept already, which is skipped', async () => {
    const bench = await start([], options);
    await bench.prepare(2);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.log()).toHaveLength(1);
    expect(bench.wasted).toBe(2 * CHUNK);
  });

  test('may break: then it begins again, and we do not', async () => {
    const bench = await start([{ kind: 'drop', after: 3 * CHUNK + 7 }], options);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.log()).toHaveLength(2);
    expect(bench.shelf.begun).toBe(1);
  });

  test('may end early', async () => {
    const bench = await start([{ kind: 'truncate', after: 3 * CHUNK + 7, times: 0 }], options);
    expect(await failureOf(bench.download())).toMatch(
      new RegExp(`^integrity: .*ended after ${3 * CHUNK + 7} bytes, expected ${SIZE}`),
    );
  });

  test('may send wrong bytes in the middle', async () => {
    const bench = await start([{ kind: 'flip', at: CHUNK }], options);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.log()).toHaveLength(2);
  });

  test.each<[string, FaultOptions]>([
    ['a length', {}],
    ['neither a length', { contentLength: false }],
    ['a length, compressed', { gzip: true }],
    ['neither a length, compressed', { gzip: true, contentLength: false }],
  ])('may send a file of unknown size with %s', async (_, more) => {
    const bench = await DownloadBench.start('nothing', [{ options: { ...options, ...more } }], {
      size: null,
    });
    await expect(bench.download()).resolves.toMatchObject({ size: SIZE });
    expect(await bench.isRight()).toBe(true);
    const isWhole = (await bench.server.ranges()).filter((range) => range === '-');
    expect(isWhole).toHaveLength('gzip' in more ? 1 : 0);
  });

  test('answers once with a whole file, and then with ranges again', async () => {
    const bench = await start([{ kind: 'whole', skip: 1 }]);
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual(ALL.slice(0, 2));
  });
});

describe('a server with ranges', () => {
  test.each<[string, FaultOptions]>([
    ['a length', { contentLength: false }],
    ['its ranges', { contentRange: false }],
    ['the size', { totalLength: false }],
    ['anything', { contentLength: false, contentRange: false, etag: null }],
  ])('may not tell %s', async (_, options) => {
    for (const size of [SIZE, null]) {
      const bench = await DownloadBench.start('whole', [{ options }], { size });
      await bench.download();
      expect(await bench.isRight()).toBe(true);
      expect(bench.wasted).toBe(0);
    }
  });

  test('may send a file of unknown size that ends with a chunk', async () => {
    const options: FaultOptions = { contentRange: false };
    const size = 2 * CHUNK;
    const bench = await DownloadBench.start('nothing', [{ options, size }], { size: null });
    await expect(bench.download()).resolves.toMatchObject({ size, chunks: 2 });
    expect(await bench.isRight(undefined, size)).toBe(true);
  });

  test('may cut such a file short, which does not make it shorter', async () => {
    const rules: FaultRule[] = [{ kind: 'truncate', after: 100, skip: 1 }];
    const options: FaultOptions = { contentRange: false };
    const bench = await DownloadBench.start('nothing', [{ options, rules }], { size: null });
    await bench.download();
    expect(await bench.isRight()).toBe(true);
  });

  test('of the compressed file is asked for all of it', async () => {
    const bench = await start([], { gzip: true });
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect((await bench.server.ranges()).filter((range) => range === '-')).toHaveLength(1);
  });
});

describe('a file that changes', () => {
  const changed = { files: { [NAME]: { size: SIZE, seed: 8 } }, options: { etag: '"v2"' } };

  test('while it is kept in part begins anew', async () => {
    const bench = await DownloadBench.start('nothing');
    await bench.prepare(3);
    await bench.server.change(changed);
    await bench.download();
    expect(await bench.isRight(8)).toBe(true);
    expect(bench.progress.filter(({ restarted }) => restarted)).toHaveLength(1);
    // If-Range brings the new file at once.
    expect(await bench.server.log()).toMatchObject([{ ifRange: '"v1"', status: 200 }]);
  });

  test('is noticed by its ETag where If-Range is not understood', async () => {
    const bench = await DownloadBench.start('nothing', [{ options: { ifRange: false } }]);
    await bench.prepare(3);
    await bench.server.change(changed);
    await bench.download();
    expect(await bench.isRight(8)).toBe(true);
    expect(await bench.server.ranges()).toEqual([ALL[3], ...ALL]);
  });

  test('by its size, where there is no ETag', async () => {
    const setting = { options: { etag: null } };
    const bench = await DownloadBench.start('nothing', [setting], { size: null });
    await bench.prepare(2);
    await bench.server.change({ files: { [NAME]: { size: SIZE + 1, seed: 8 } } });
    await expect(bench.download()).resolves.toMatchObject({ size: SIZE + 1 });
    expect(await bench.isRight(8, SIZE + 1)).toBe(true);
  });

  test('is noticed by its date on the way, where there is no ETag', async () => {
    const dated = (day: number) => ({
      etag: null,
      lastModified: `Mon, 0${day} Jan 2024 00:00:00 GMT`,
    });
    const bench = await DownloadBench.start('nothing', [{ options: dated(1) }]);
    let isFirst = true;
    bench.shelf.onAppend = async ({ index }) => {
      if (index !== 2 || !isFirst) return;
      isFirst = false;
      await bench.server.change({ ...changed, options: dated(8) });
    };
    await bench.download();
    expect(await bench.isRight(8)).toBe(true);
    expect(bench.progress.filter(({ restarted }) => restarted)).toHaveLength(1);
    expect((await bench.server.log()).every(({ ifRange }) => ifRange === null)).toBe(true);
  });

  test('in nothing but its date is the same by its ETag, or by its digest in the end', async () => {
    for (const [proof, etag] of [
      ['nothing', '"v1"'],
      ['whole', null],
    ] satisfies [Proof, string | null][]) {
      const bench = await DownloadBench.start(proof, [{ options: { etag, lastModified: 'a' } }]);
      await bench.prepare(3);
      await bench.server.change({ options: { lastModified: 'b' } });
      await bench.download();
      expect(await bench.isRight()).toBe(true);
      expect(await bench.server.ranges()).toEqual(ALL.slice(3));
    }
  });

  test('is of no concern where all chunks are proven', async () => {
    const bench = await DownloadBench.start('chunks');
    await bench.prepare(3);
    await bench.server.change({ options: { etag: '"v2"' } });
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(await bench.server.ranges()).toEqual(ALL.slice(3));
  });

  test('for ever is given up', async () => {
    const bench = await DownloadBench.start('nothing', [{ options: { ifRange: false } }]);
    let version = 1;
    bench.shelf.onAppend = async () => {
      version += 1;
      await bench.server.change({ options: { etag: `"v${version}"` } });
    };
    expect(await failureOf(bench.download())).toMatch(
      /^integrity: .*changed 6 times while it was downloaded/,
    );
  });
});
