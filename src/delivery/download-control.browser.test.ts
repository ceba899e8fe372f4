/** Downloads that are paused, aborted, and shared out among files. */
import { expect, test, describe } from 'vitest';
import { PauseGate } from './pause-gate';
import { CHUNK, DownloadBench, rangeOf, SIZE } from './test-workers/download-bench';
import type { FaultRule } from '../../scripts/fault-types.mjs';

const ALL = [0, 1, 2, 3, 4].map((index) => rangeOf(index));
/** Sends a quarter of the second chunk, and then nothing: time to do something about it. */
const HANGS: FaultRule[] = [{ kind: 'stall', after: CHUNK / 4, skip: 1 }];

/** Resolves when so many bytes are there. */
function whenLoaded(bench: DownloadBench, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    bench.onProgress = ({ loaded }) => {
      if (loaded >= bytes) resolve();
    };
  });
}

describe('a pause', () => {
  test('ends the request, keeps its bytes, and goes on behind them', async () => {
    const bench = await DownloadBench.start('chunks', [{ rules: HANGS }]);
    const arrived = whenLoaded(bench, CHUNK + CHUNK / 4);
    const download = bench.download();
    await arrived;
    bench.gate.pause();
    expect(bench.gate.paused).toBe(true);
    bench.gate.resume();
    await download;
    expect(await bench.isRight()).toBe(true);
    expect(bench.wasted).toBe(0);
    expect(await bench.server.ranges()).toEqual([
      ALL[0],
      ALL[1],
      rangeOf(1, CHUNK / 4),
      ...ALL.slice(2),
    ]);
  });

  test('lets no request begin', async () => {
    const bench = await DownloadBench.start('chunks');
    bench.gate.pause();
    const download = bench.download();
    await bench.shelf.find('anything');
    expect(await bench.server.log()).toEqual([]);
    bench.gate.resume();
    await download;
    expect(await bench.isRight()).toBe(true);
  });

  test('between two chunks of one answer starts another', async () => {
    const rules: FaultRule[] = [{ kind: 'stall', after: 3 * CHUNK }];
    const bench = await DownloadBench.start('chunks', [{ rules, options: { range: false } }]);
    bench.shelf.onAppend = ({ index }) => {
      if (index !== 1) return;
      bench.gate.pause();
      bench.gate.resume();
    };
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(bench.shelf.begun).toBe(1);
    expect(await bench.server.log()).toHaveLength(2);
  });

  test('is no failure, however often', async () => {
    const rules: FaultRule[] = [{ kind: 'stall', after: 4000, times: 12 }];
    const bench = await DownloadBench.start('chunks', [{ rules }]);
    let next = 4000;
    bench.onProgress = ({ loaded }) => {
      // The last bytes before the stall may go unreported.
      if (loaded < next - 2000 || next > 48_000) return;
      next = loaded + 4000;
      bench.gate.pause();
      bench.gate.resume();
    };
    // Every piece is reported: it is more than a hundredth of the file.
    await bench.download();
    expect(await bench.isRight()).toBe(true);
    expect(bench.wasted).toBe(0);
  });

  test('can be given up', async () => {
    const bench = await DownloadBench.start('chunks');
    bench.gate.pause();
    const download = bench.download();
    bench.controller.abort();
    await expect(download).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
  });

  test('is told to who listens, until they do not any more', () => {
    const gate = new PauseGate();
    const told: boolean[] = [];
    const end = gate.subscribe((paused) => told.push(paused));
    gate.pause();
    gate.pause();
    gate.resume();
    gate.resume();
    end();
    gate.pause();
    expect(told).toEqual([true, false]);
  });
});

describe('an abort', () => {
  test('rejects at once, and what is kept stays', async () => {
    const bench = await DownloadBench.start('chunks', [{ rules: HANGS }]);
    const arrived = whenLoaded(bench, CHUNK + CHUNK / 4);
    const download = bench.download();
    await arrived;
    bench.controller.abort(new Error('enough'));
    await expect(download).rejects.toMatchObject({
      code: 'aborted',
      cause: { message: 'enough' },
    });
    expect(await bench.shelf.find(bench.source.key)).toMatchObject({ chunks: 1 });
  });

  test('does not wait for the shelf', async () => {
    const bench = await DownloadBench.start('chunks');
    let keep = (): void => undefined;
    bench.shelf.onAppend = () => {
      bench.controller.abort();
      return new Promise((resolve) => (keep = resolve));
    };
    await expect(bench.download()).rejects.toMatchObject({ code: 'aborted' });
    keep();
    expect(await bench.server.ranges()).toEqual(ALL.slice(0, 1));
  });

  test('ends a wait between two attempts', async () => {
    const rules: FaultRule[] = [{ kind: 'status', status: 429, retryAfter: '50', times: 0 }];
    const bench = await DownloadBench.start('chunks', [{ rules }]);
    const download = bench.download();
    await expect.poll(() => bench.server.log()).toHaveLength(1);
    bench.controller.abort();
    await expect(download).rejects.toMatchObject({ code: 'aborted' });
  });

  test('before the start asks for nothing', async () => {
    const bench = await DownloadBench.start('chunks');
    bench.controller.abort();
    await expect(bench.download()).rejects.toMatchObject({ code: 'aborted' });
    expect(await bench.server.log()).toEqual([]);
  });
});

test('progress counts what came for nothing', async () => {
  const rules: FaultRule[] = [{ kind: 'flip', at: 0 }];
  const bench = await DownloadBench.start('chunks', [{ rules }]);
  await bench.download();
  expect(bench.progress.at(-1)).toEqual({ loaded: SIZE, total: SIZE, received: SIZE + CHUNK });
});
