import { afterEach, describe, expect, test, vi } from 'vitest';
import { isPhotoglotError, PHOTOGLOT_ERROR_CODES, PhotoglotError } from '../errors';
import type { ProbeContract } from './test-workers/probe-contract';
import { WorkerLink, type WorkerLinkOptions } from './worker-link';

const PROBE = new URL('./test-workers/probe.worker.ts', import.meta.url);
const BROKEN = new URL('./test-workers/broken.worker.ts', import.meta.url);
const SILENT = new URL('./test-workers/silent.worker.ts', import.meta.url);

const links: WorkerLink<ProbeContract>[] = [];
let workers: Worker[] = [];

/** A link to a real worker; the workers it spawned are in `workers`. */
function link(url = PROBE, options: WorkerLinkOptions = {}): WorkerLink<ProbeContract> {
  const spawn = (): Worker => {
    const worker = new Worker(url, { type: 'module' });
    workers.push(worker);
    return worker;
  };
  const created = new WorkerLink<ProbeContract>(spawn, options);
  links.push(created);
  return created;
}

/** What a call rejected with; fails if it did not, or with something else. */
async function failureOf(call: Promise<unknown>): Promise<PhotoglotError> {
  const outcome = await call.then(
    () => 'resolved',
    (thrown: unknown) => thrown,
  );
  if (!isPhotoglotError(outcome)) throw new Error('not a PhotoglotError', { cause: outcome });
  return outcome;
}

afterEach(() => {
  for (const each of links.splice(0)) each.dispose();
  workers = [];
});

describe('errors', () => {
  test.each(PHOTOGLOT_ERROR_CODES)('%s survives with its causes', async (code) => {
    const error = await failureOf(link().call('fail', { code }));
    expect(error).toBeInstanceOf(PhotoglotError);
    expect(error.code).toBe(code);
    expect(error.message).toBe(`failed with ${code}`);
    expect(error.name).toBe(new PhotoglotError(code, '').name);
    expect(error.stack).toContain('probe.worker');
    const cause = error.cause as Error;
    expect([cause.name, cause.message]).toEqual(['RangeError', 'the cause']);
    expect((cause.cause as PhotoglotError).code).toBe('network');
  });

  test.each([
    ['type-error', 'internal', 'not of the family'],
    ['quota', 'quota-exceeded', 'full'],
    ['string', 'internal', 'only a string'],
  ] as const)('a foreign %s becomes %s', async (kind, code, message) => {
    const error = await failureOf(link().call('failForeign', { kind }));
    expect([error.code, error.message]).toEqual([code, message]);
  });

  test('arguments and results that cannot be cloned are "rpc-failed"', async () => {
    const probe = link();
    const text = (() => undefined) as unknown as string;
    expect((await failureOf(probe.call('echo', { text }))).code).toBe('rpc-failed');
    expect((await failureOf(probe.call('unclonable', undefined))).code).toBe('rpc-failed');
    expect(await probe.call('echo', { text: 'still there' })).toBe('still there');
  });

  test('a method that the worker lacks is "rpc-failed"', async () => {
    const probe = link() as unknown as { call(method: string, args: unknown): Promise<unknown> };
    expect((await failureOf(probe.call('noSuchMethod', {}))).code).toBe('rpc-failed');
  });
});

describe('death', () => {
  test('a worker terminated mid-call rejects, and the next call gets a new one', async () => {
    const onCrash = vi.fn();
    const probe = link(PROBE, { onCrash });
    await probe.call('echo', { text: 'up' });
    const calls = [probe.call('hang', undefined), probe.call('hang', undefined)];
    workers[0]?.terminate();
    for (const call of calls) expect((await failureOf(call)).code).toBe('worker-crashed');
    expect(probe.state).toBe('crashed');
    expect(onCrash).toHaveBeenCalledOnce();
    expect(await probe.call('echo', { text: 'again' })).toBe('again');
    expect(probe.state).toBe('running');
    expect(workers).toHaveLength(2);
  });

  test.each(['close', 'throwLater'] as const)('%s inside the worker rejects', async (method) => {
    const probe = link();
    expect((await failureOf(probe.call(method, undefined))).code).toBe('worker-crashed');
    expect(await probe.call('echo', { text: 'again' })).toBe('again');
  });

  test('a worker that throws while loading rejects', async () => {
    const error = await failureOf(link(BROKEN).call('echo', { text: '' }));
    expect(error.code).toBe('worker-crashed');
    expect(error.message).toContain('broken at load');
  });

  test('a worker whose script is not there rejects', async () => {
    const error = await failureOf(
      link(new URL('/no-such.js', location.href)).call('echo', { text: '' }),
    );
    expect(error.code).toBe('worker-crashed');
  });

  test('a worker that never answers rejects after the start time', async () => {
    const probe = link(SILENT, { startTimeoutMs: 300 });
    const error = await failureOf(probe.call('echo', { text: '' }));
    expect([error.code, error.message.includes('300 ms')]).toEqual(['worker-crashed', true]);
  });

  test('a worker terminated before it started rejects', async () => {
    const probe = link(PROBE, { startTimeoutMs: 300 });
    const call = probe.call('echo', { text: '' });
    workers[0]?.terminate();
    expect((await failureOf(call)).code).toBe('worker-crashed');
  });

  test('a worker that cannot be created rejects', async () => {
    const probe = new WorkerLink<ProbeContract>(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    const error = await failureOf(probe.call('echo', { text: '' }));
    expect([error.code, (error.cause as Error).name]).toEqual(['worker-crashed', 'SecurityError']);
  });
});

test('calls that are to be repeated come first in a new worker', async () => {
  const probe = link();
  probe.repeatAtStart('a', 'sum', { data: new Float32Array(1) });
  probe.repeatAtStart('b', 'fail', { code: 'network' });
  expect(await probe.call('hasDetached', undefined)).toBe(true);
  await failureOf(probe.call('close', undefined));
  expect(await probe.call('hasDetached', undefined)).toBe(true);
  expect(workers).toHaveLength(2);
});

describe('dispose', () => {
  test('rejects pending and later calls, and may be repeated', async () => {
    const probe = link();
    await probe.call('echo', { text: 'up' });
    const pending = probe.call('hang', undefined);
    probe.dispose();
    probe.dispose();
    expect((await failureOf(pending)).code).toBe('disposed');
    expect((await failureOf(probe.call('echo', { text: '' }))).code).toBe('disposed');
    expect(probe.state).toBe('disposed');
  });

  test('with patience lets the worker end its own ones, while calls are refused already', async () => {
    const probe = link();
    const channel = new BroadcastChannel(crypto.randomUUID());
    const told = new Promise((resolve) => {
      channel.onmessage = resolve;
    });
    await probe.call('tellEnd', { channel: channel.name });
    const terminate = vi.spyOn(workers[0] as Worker, 'terminate');
    const pending = probe.call('hang', undefined);
    probe.dispose(undefined, 60_000);
    expect((await failureOf(pending)).code).toBe('disposed');
    expect((await failureOf(probe.call('echo', { text: '' }))).code).toBe('disposed');
    await told;
    await vi.waitFor(() => {
      expect(terminate).toHaveBeenCalledOnce();
    });
    channel.close();
  });

  test('before the first call spawns nothing', async () => {
    const probe = link();
    expect(probe.state).toBe('idle');
    probe.dispose();
    expect((await failureOf(probe.call('echo', { text: '' }))).code).toBe('disposed');
    expect(workers).toHaveLength(0);
  });
});

describe('abort', () => {
  test('before the call rejects without a worker', async () => {
    const error = await failureOf(
      link().call('hang', undefined, { signal: AbortSignal.abort('no longer wanted') }),
    );
    expect([error.code, error.name, error.cause]).toEqual([
      'aborted',
      'AbortError',
      'no longer wanted',
    ]);
    expect(workers).toHaveLength(0);
  });

  test('mid-call rejects at once, and the signal fires in the worker', async () => {
    const probe = link();
    await probe.call('echo', { text: 'up' });
    const controller = new AbortController();
    const call = probe.call('hang', undefined, { signal: controller.signal });
    controller.abort();
    expect((await failureOf(call)).code).toBe('aborted');
    await expect.poll(() => probe.call('wasAborted', undefined)).toBe(true);
  });

  test('after the end is of no effect', async () => {
    const probe = link();
    const controller = new AbortController();
    expect(await probe.call('echo', { text: 'done' }, { signal: controller.signal })).toBe('done');
    controller.abort();
    expect(await probe.call('wasAborted', undefined)).toBe(false);
  });
});

describe('data', () => {
  test('a transferred buffer is detached here, and comes back moved', async () => {
    const probe = link();
    const data = Float32Array.of(1, 2, 3.5);
    const call = probe.call('sum', { data }, { transfer: [data.buffer] });
    const result = await call;
    expect(data.byteLength).toBe(0);
    expect(result).toEqual({ total: 6.5, data: Float32Array.of(1, 2, 3.5) });
    expect(await probe.call('hasDetached', undefined)).toBe(true);
  });

  test('all progress arrives in order and before the result', async () => {
    const seen: number[] = [];
    const steps = await link().call('count', { steps: 200 }, { onProgress: (n) => seen.push(n) });
    expect(steps).toBe(200);
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  test('calls that run side by side get their own answers', async () => {
    const probe = link();
    const texts = ['a', 'b', 'c'];
    expect(await Promise.all(texts.map((text) => probe.call('echo', { text })))).toEqual(texts);
  });
});
