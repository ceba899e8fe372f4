/** The graphics device goes from a tower of transformers.js: between its runs, and during one. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LoadTransformersTower, TransformersLoad } from '../protocol/transformers-contract';
import { TINY_DUAL, TRANSFORMERS_ORT } from '../runtime/test-workers/tiny-dual-encoders';
import { loseDevices } from './test-workers/lose-devices';
import { TowerPair } from './tower-pair';

/** WebGPU on the processor translates every shader on first use. */
const PATIENCE_MS = 600_000;
const TEXTS = Array.from({ length: 200 }, (_, index) => `a dog on the beach ${index}`);

let towers: TowerPair<LoadTransformersTower>;
let spawned: number;

beforeEach(async () => {
  spawned = 0;
  towers = new TowerPair<LoadTransformersTower>({
    memory: 'normal',
    unloadAfter: null,
    spawn: {
      text: () => {
        spawned++;
        return new Worker(
          new URL('./test-workers/losable-transformers.worker.ts', import.meta.url),
          { type: 'module' },
        );
      },
      image: () => {
        throw new Error('No picture is asked for.');
      },
    },
  });
  const args: TransformersLoad = {
    source: { kind: 'folder', url: new URL(TINY_DUAL.clip, location.href).href },
    libraryUrl: null,
    wasmUrl: new URL(TRANSFORMERS_ORT, location.href).href,
    device: 'webgpu',
    dtype: 'fp32',
  };
  await towers.text.load((link, given) => link.call('load', args, { signal: given.signal }), {});
}, PATIENCE_MS);
afterEach(() => {
  towers.dispose();
});

const rowsOf = async (texts: readonly string[]): Promise<Float32Array> =>
  (await towers.text.call('encode', { texts, priority: 'query' })).data;

test(
  'between two calls: the next loads the tower again',
  async () => {
    const before = await rowsOf(['dog']);
    await loseDevices('now');
    expect(await rowsOf(['dog'])).toEqual(before);
    expect(spawned).toBe(2);
  },
  PATIENCE_MS,
);

test(
  'in the middle of calls: all of them get their result, from one tower that is loaded again',
  async () => {
    const before = await rowsOf(['dog']);
    await loseDevices('at work');
    const [many, dog] = await Promise.all([rowsOf(TEXTS), rowsOf(['dog'])]);
    expect(many).toHaveLength(TEXTS.length * before.length);
    expect(dog).toEqual(before);
    expect(spawned).toBe(2);
  },
  PATIENCE_MS,
);
