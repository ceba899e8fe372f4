/**
 * The crash-loop breaker with the real storage and locks. A dead tab is its mark without its lock;
 * e2e/crash-loop.spec.ts makes real ones.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
