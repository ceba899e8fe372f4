/** Models by URL and in the number format that is asked for, with a tiny exported one in real workers. */
import { describe, expect, test } from 'vitest';
import { parseManifest } from '../models/parse-manifest';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { LensInfo, LensOptions, LensProgress } from './api';
import { createLens } from './create-lens';

async function infoOf(options: Partial<LensOptions>): Promise<LensInfo> {
  const lens = await createLens({ model: TINY.naflex, assets: '/', ...options });
  await lens.dispose();
  return lens.info;
}

describe('a model by the URL of its folder', () => {
  const bare = TINY.naflex.slice(0, -1);
  test.each([
    ['a path', TINY.naflex],
    ['a path without a slash at its end', bare],
    ['an absolute URL', new URL(TINY.naflex, location.href).href],
    ['a URL object', new URL(bare, location.href)],
  ])('%s', async (_, model) => {
    const best = { provider: 'wasm', dtype: 'int8' };
    expect(await infoOf({ model })).toMatchObject({
      model: 'tiny-naflex',
      dimension: 48,
      text: best,
      image: best,
    });
  });

  test('where there is no manifest', async () => {
    const failure: unknown = await infoOf({ model: '/src/models/' }).catch(
      (thrown: unknown) => thrown,
    );
    // Development servers answer 404 or their start page.
    expect(['network', 'integrity']).toContain((failure as { code?: unknown }).code);
    expect((failure as Error).message).toContain('/src/models/manifest.json');
  });
});

describe('dtype', () => {
  test('of each tower by itself', async () => {
    const info = await infoOf({ dtype: { text: 'int8', image: 'fp32' } });
    expect([info.text.dtype, info.image.dtype]).toEqual(['int8', 'fp32']);
    const other = await infoOf({ dtype: { text: 'fp32' } });
    expect([other.text.dtype, other.image.dtype]).toEqual(['fp32', 'int8']);
  });

  test('that the model does not have', async () => {
    await expect(infoOf({ dtype: { image: 'q4' } })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('in "q4" here. It offers: int8, fp32.') as string,
    });
  });
});

test('the progress counts every file that is used, and no other', async () => {
  const json: unknown = await (await fetch(`${TINY.naflex}manifest.json`)).json();
  const { files } = parseManifest(json);
  const used = Object.keys(files).filter((file) =>
    /^(tokenizer\.json|projector|text\.int8|image\.fp32)/.test(file),
  );
  expect(used).toHaveLength(6);
  const total = used.reduce((sum, file) => sum + (files[file]?.size ?? 0), 0);
  // From the network where they are not kept yet, and then surely from the cache.
  for (let time = 0; time < 2; time++) {
    const seen: LensProgress[] = [];
    const dtype = { text: 'int8', image: 'fp32' };
    await infoOf({ dtype, onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toMatchObject({ phase: 'manifest', loaded: 0, total: 0 });
    expect(seen[1]).toMatchObject({ phase: 'download', total });
    expect(seen[1]?.files.map(({ name }) => name).toSorted()).toEqual(used.toSorted());
    expect(seen.at(-1)).toMatchObject({ phase: 'ready', loaded: total, total });
    if (time === 1) expect(seen[1]?.files.every(({ from }) => from === 'cache')).toBe(true);
    const loaded = seen.map((progress) => progress.loaded);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    const testing = seen.filter(({ phase }) => phase === 'session');
    expect(testing.map((progress) => progress.loaded)).toEqual(testing.map(() => total));
    expect(testing.length).toBeGreaterThan(0);
  }
});
