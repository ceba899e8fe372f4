/**
 * The crash-loop breaker with the real storage and locks. A dead tab is its mark without its lock;
 * e2e/crash-loop.spec.ts makes real ones.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FaultyHost } from '../delivery/test-workers/faulty-host';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { LensInfo, LensOptions } from './api';
import { CrashGuard } from './crash-guard';
import { createLens } from './create-lens';
import { TowerWatch } from './test-workers/tower-watch';

const PREFIX = 'photoglot-loading:';
const MODEL = new URL(TINY.naflex, location.href).href;
const OTHER = new URL(TINY.fixed, location.href).href;

beforeEach(() => {
  localStorage.clear();
});
afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

/** As tabs leave it that die while they load the model. */
function leaveDead(count: number, modelUrl = MODEL): void {
  for (let index = 0; index < count; index++) {
    localStorage.setItem(PREFIX + crypto.randomUUID(), modelUrl);
  }
}

function marks(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

/** The tiny model, signed, by another address. */
async function signedModel(): Promise<{ readonly url: string; readonly publicKey: string }> {
  const keys = await crypto.subtle.generateKey('Ed25519', true, ['sign']);
  const manifest = await (await fetch(`${TINY.naflex}manifest.json`)).arrayBuffer();
  const signature = await crypto.subtle.sign('Ed25519', keys.privateKey, manifest);
  const publicKey = await crypto.subtle.exportKey('raw', keys.publicKey);
  const { files } = JSON.parse(new TextDecoder().decode(manifest)) as { files: object };
  const names = ['manifest.json', ...Object.keys(files)];
  const host = await FaultyHost.start({
    files: {
      'manifest.json.sig': { base64: btoa(base64(signature)) },
      ...Object.fromEntries(names.map((name) => [name, { path: `.${TINY.naflex}${name}` }])),
    },
  });
  return { url: host.url(''), publicKey: base64(publicKey) };
}

function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

async function dead(modelUrl = MODEL): Promise<number> {
  return (await CrashGuard.of(modelUrl)).deadAttempts;
}

describe('the guard', () => {
  test('counts the dead of this model only', async () => {
    expect(await dead()).toBe(0);
    leaveDead(2);
    leaveDead(1, OTHER);
    localStorage.setItem('another key', MODEL);
    expect([await dead(), await dead(OTHER)]).toEqual([2, 1]);
  });

  test('does not count loads that are under way', async () => {
    const guard = await CrashGuard.of(MODEL);
    const seen = await guard.watch(async () => [marks().length, await dead()]);
    expect([seen, marks()]).toEqual([[1, 0], []]);
  });

  test('does not take another tab’s load for dead, until that tab is', async () => {
    const id = crypto.randomUUID();
    const tab = document.createElement('iframe');
    document.body.append(tab);
    const locks = tab.contentWindow?.navigator.locks;
    await new Promise<void>((resolve) => {
      void locks
        ?.request(PREFIX + id, () => {
          resolve();
          return new Promise(() => undefined);
        })
        .catch(() => undefined);
    });
    localStorage.setItem(PREFIX + id, MODEL);
    expect(await dead()).toBe(0);
    tab.remove();
    await expect.poll(() => dead()).toBe(1);
  });

  test('forgets the dead after a success', async () => {
    leaveDead(3);
    const guard = await CrashGuard.of(MODEL);
    expect(await guard.watch(() => Promise.resolve('loaded'))).toBe('loaded');
    expect(marks()).toEqual([]);
  });

  test('keeps the dead after a failure, which is none of them', async () => {
    leaveDead(3);
    const guard = await CrashGuard.of(MODEL);
    await expect(guard.watch(() => Promise.reject(new Error('refused')))).rejects.toThrow(
      'refused',
    );
    expect([marks().length, await dead()]).toEqual([3, 3]);
  });

  test('takes leaving the page for no crash', async () => {
    const guard = await CrashGuard.of(MODEL);
    const left = await guard.watch(() => {
      dispatchEvent(new PageTransitionEvent('pagehide'));
      return Promise.resolve(marks());
    });
    expect([left, await dead()]).toEqual([[], 0]);
  });

  test('keeps the mark of a page that is only put aside', async () => {
    const guard = await CrashGuard.of(MODEL);
    const aside = await guard.watch(() => {
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      return Promise.resolve(marks().length);
    });
    expect([aside, marks()]).toEqual([1, []]);
  });

  test('has one mark for all that is loaded at the same time, until the last has ended', async () => {
    const guard = await CrashGuard.of(MODEL);
    const begun: (() => void)[] = [];
    const loads = [1, 2].map(() => guard.mark(() => new Promise<void>((end) => begun.push(end))));
    await expect.poll(() => begun.length).toBe(2);
    expect(marks()).toHaveLength(1);
    const [endFirst, endSecond] = begun;
    endFirst?.();
    await loads[0];
    expect(marks()).toHaveLength(1);
    endSecond?.();
    await Promise.all(loads);
    expect(marks()).toEqual([]);
  });

  test('marks again what is loaded again, and forgets no dead by that', async () => {
    leaveDead(1);
    const guard = await CrashGuard.of(MODEL);
    for (let time = 0; time < 2; time++) {
      expect(await guard.mark(() => Promise.resolve(marks().length))).toBe(2);
      expect(marks()).toHaveLength(1);
    }
    await expect(guard.mark(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(marks()).toHaveLength(1);
  });

  test('lets everything pass where nothing can be stored', async () => {
    leaveDead(2);
    const full = new DOMException('full', 'QuotaExceededError');
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw full;
    });
    const guard = await CrashGuard.of(MODEL);
    expect([guard.deadAttempts, await guard.watch(() => Promise.resolve(7))]).toEqual([2, 7]);
  });

  test('lets everything pass where storage is denied', async () => {
    vi.spyOn(globalThis, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const guard = await CrashGuard.of(MODEL);
    expect([guard.deadAttempts, await guard.watch(() => Promise.resolve(7))]).toEqual([0, 7]);
  });
});

describe('createLens', () => {
  async function infoOf(options: Partial<LensOptions> = {}): Promise<LensInfo> {
    const lens = await createLens({ model: TINY.naflex, assets: '/', dtype: 'fp32', ...options });
    await lens.dispose();
    return lens.info;
  }

  test('loads what it is asked for after a single crash, and forgets that', async () => {
    leaveDead(1);
    const { safeMode, text } = await infoOf();
    expect([safeMode, text.dtype, marks()]).toEqual([null, 'fp32', []]);
  });

  test('loads the smallest files after two, once', async () => {
    leaveDead(2);
    const safe = await infoOf();
    expect(safe).toMatchObject({ text: { dtype: 'int8' }, image: { dtype: 'int8' } });
    expect(safe.safeMode).toMatch(
      /^The page ended 2 times while it loaded the model at .*smallest/,
    );
    const next = await infoOf();
    expect([next.safeMode, next.text.dtype]).toEqual([null, 'fp32']);
  });

  test('loads the fallback after two, once', async () => {
    leaveDead(2);
    const safe = await infoOf({ fallback: TINY.fixed });
    expect([safe.model, safe.safeMode]).toEqual([
      'tiny-fixed',
      expect.stringContaining(`the model at ${OTHER} was loaded instead`),
    ]);
    const next = await infoOf({ fallback: TINY.fixed });
    expect([next.model, next.safeMode]).toEqual(['tiny-naflex', null]);
  });

  test('stays careful until something was loaded', async () => {
    leaveDead(2);
    await expect(infoOf({ assets: 'http://localhost:1/' })).rejects.toThrow();
    expect((await infoOf()).safeMode).not.toBeNull();
  });

  test.each([
    ['after four crashes', 4, {}],
    ['after six with a fallback', 6, { fallback: TINY.fixed }],
  ])('gives up %s, once', async (_, count, options) => {
    leaveDead(count);
    await expect(infoOf(options)).rejects.toMatchObject({
      code: 'session-failed',
      message: expect.stringMatching(
        `^The page ended ${count} times while .* in its smallest form.* Use a smaller model`,
      ) as string,
    });
    expect(marks()).toEqual([]);
    const next = await infoOf(options);
    expect([next.model, next.safeMode]).toEqual(['tiny-naflex', null]);
  });

  test('loads the smallest files of the fallback after four', async () => {
    leaveDead(5);
    const { model, text, safeMode } = await infoOf({ fallback: TINY.fixed });
    expect([model, text.dtype]).toEqual(['tiny-fixed', 'int8']);
    expect(safeMode).toMatch(/^The page ended 5 times/);
  });

  describe('loads the smallest files of the model itself, when the fallback', () => {
    async function expectOwn(options: Partial<LensOptions>): Promise<void> {
      const safe = await infoOf(options);
      expect(safe).toMatchObject({ model: 'tiny-naflex', text: { dtype: 'int8' } });
      expect(safe.safeMode).toMatch(/^The page ended 2 times.*the smallest files of each tower/);
      expect(marks()).toEqual([]);
    }

    test('is not there', async () => {
      leaveDead(2);
      const gone = await FaultyHost.start({ files: {} });
      await expectOwn({ fallback: gone.url('') });
      expect((await gone.log()).length).toBeGreaterThan(0);
    });

    test('is not signed, as the model is', async () => {
      const { url, publicKey } = await signedModel();
      leaveDead(2, url);
      const options = { model: url, publicKey, fallback: TINY.fixed };
      await expectOwn(options);
      expect((await infoOf(options)).integrity).toBe('signed');
    });
  });

  test('asks no other model when it is aborted while the fallback comes', async () => {
    leaveDead(2);
    const slow = await FaultyHost.start({
      files: {},
      rules: [{ kind: 'stall', times: 0 }],
    });
    const signal = AbortSignal.timeout(100);
    await expect(infoOf({ fallback: slow.url(''), signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(marks()).toHaveLength(2);
  });

  test('leaves a mark while a tower is loaded again', async () => {
    const lens = await createLens({ model: TINY.naflex, assets: '/', unloadAfter: null });
    await lens.unload();
    const watch = new TowerWatch();
    const seen: number[] = [];
    watch.onSpawn = () => seen.push(marks().length);
    watch.start();
    await Promise.all([lens.embedText(['dog']), lens.warmUp()]).finally(() => {
      watch.stop();
    });
    expect([seen, marks()]).toEqual([[1, 1], []]);
    await lens.dispose();
  });

  test('leaves no mark when it is aborted', async () => {
    const controller = new AbortController();
    const watch = new TowerWatch();
    const seen: number[] = [];
    watch.onSpawn = () => {
      seen.push(marks().length);
      controller.abort();
    };
    watch.start();
    const loading = infoOf({ signal: controller.signal }).finally(() => {
      watch.stop();
    });
    await expect(loading).rejects.toMatchObject({ code: 'aborted' });
    expect([seen[0], marks()]).toEqual([1, []]);
  });
});
