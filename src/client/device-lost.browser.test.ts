/** The graphics device goes: while a tower runs, while it rests, and while it is loaded. */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { goldenImage } from '../models/golden-images';
import type { ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import type { TowerInfo, TowerLoad } from '../protocol/tower-contract';
import { TINY } from '../runtime/test-workers/tiny-models';
import { createLens } from './create-lens';
import { FORMS } from './test-workers/altered-model';
import { loseDevices } from './test-workers/lose-devices';
import { TowerEncoders } from './tower-encoders';
import { TowerPair } from './tower-pair';

/** WebGPU on the processor translates every shader on first use. */
const PATIENCE_MS = 240_000;
const ORT = new URL('/ort/', location.href).href;
const TEXTS = Array.from({ length: 200 }, (_, index) => `text ${index}`);
const LOST = { code: 'device-lost' };

let manifest: ModelManifest;
let files: TowerLoad['files'];
beforeAll(async () => {
  manifest = parseManifest(await (await fetch(`${TINY.fixed}manifest.json`)).json());
  const named = Object.keys(manifest.files).map(
    async (name) => [name, await (await fetch(TINY.fixed + name)).blob()] as const,
  );
  files = Object.fromEntries(await Promise.all(named));
});

let towers: TowerPair;
let spawned: ('losable' | 'doomed' | 'image')[];
/** Whether workers that come lose their device at once. */
let doomed: boolean;

beforeEach(() => {
  [spawned, doomed] = [[], false];
  towers = new TowerPair({
    memory: 'normal',
    unloadAfter: null,
    spawn: {
      text: () => {
        spawned.push(doomed ? 'doomed' : 'losable');
        return doomed ? doomedText() : losableText();
      },
      image: () => {
        spawned.push('image');
        return losableImage();
      },
    },
  });
});
afterEach(() => {
  towers.dispose();
});

const losableText = (): Worker =>
  new Worker(new URL('./test-workers/losable-text.worker.ts', import.meta.url), {
    type: 'module',
  });
const doomedText = (): Worker =>
  new Worker(new URL('./test-workers/doomed-text.worker.ts', import.meta.url), {
    type: 'module',
  });
const losableImage = (): Worker =>
  new Worker(new URL('./test-workers/losable-image.worker.ts', import.meta.url), {
    type: 'module',
  });

function loadText(): Promise<TowerInfo> {
  const variant = FORMS.text.fp32;
  const args = { manifest, files, ortUrl: ORT, device: 'webgpu', variant } as const;
  return towers.text.load((link, given) => link.call('load', args, given), {});
}

const rowsOf = async (texts: readonly string[]): Promise<Float32Array> =>
  (await towers.text.call('encode', { texts, priority: 'query' })).data;

test(
  'between two calls: the next loads the tower again',
  async () => {
    await loadText();
    const before = await rowsOf(['dog']);
    await loseDevices('now');
    expect(await rowsOf(['dog'])).toEqual(before);
    expect(spawned).toEqual(['losable', 'losable']);
  },
  PATIENCE_MS,
);

test(
  'in the middle of calls: all of them get their result, from one tower that is loaded again',
  async () => {
    await loadText();
    const before = await rowsOf(['dog']);
    const encoders = new TowerEncoders(manifest, towers.text, towers.image);
    const reports: number[] = [];
    let losing: Promise<void> | undefined;
    const batch = { ...{ sparse: false, colbert: false }, maxTokens: null, overlap: null };
    const [outputs, dog] = await Promise.all([
      encoders.encodeFully(
        { texts: TEXTS, priority: 'index', ...batch },
        {
          onProgress: ({ done }) => {
            reports.push(done);
            // Some are done, and some are not.
            if (done > 0) losing ??= loseDevices('now');
          },
        },
      ),
      rowsOf(['dog']),
    ]);
    await losing;
    expect(outputs).toHaveLength(TEXTS.length);
    expect(dog).toEqual(before);
    // What is done twice is told once.
    expect(reports).toEqual(reports.toSorted((a, b) => a - b));
    expect(reports.at(-1)).toBe(TEXTS.length);
    expect(spawned).toEqual(['losable', 'losable']);
  },
  PATIENCE_MS,
);

test(
  'again and again: the call is refused, and the next one works',
  async () => {
    await loadText();
    doomed = true;
    await loseDevices('now');
    await expect(rowsOf(['dog'])).rejects.toMatchObject(LOST);
    doomed = false;
    expect(await rowsOf(['dog'])).toHaveLength(manifest.dimension);
    expect(spawned).toEqual(['losable', 'doomed', 'losable']);
  },
  PATIENCE_MS,
);

test(
  'while the tower is loaded: that is refused',
  async () => {
    doomed = true;
    await expect(loadText()).rejects.toMatchObject(LOST);
  },
  PATIENCE_MS,
);

test(
  'in the middle of pictures: none of them fails',
  async () => {
    const variant = FORMS.image.fp32;
    const args = { manifest, files, ortUrl: ORT, device: 'webgpu', variant } as const;
    await towers.image.load((link, given) => link.call('load', args, given), {});
    const { data, width, height } = goldenImage('circles');
    const pixels = new ImageData(data, width, height);
    const pictures = Array.from({ length: 12 }, () => ({ kind: 'pixels', pixels }) as const);
    const batch = { pictures, thumbnail: 0, priority: 'index' } as const;
    await loseDevices('at work');
    const { results } = await towers.image.call('encode', batch);
    expect(results.map(({ ok }) => ok)).toEqual(pictures.map(() => true));
    expect(spawned).toEqual(['image', 'image']);
  },
  PATIENCE_MS,
);

test(
  'while a lens is created: it runs on WASM',
  async () => {
    const Real = globalThis.Worker;
    globalThis.Worker = new Proxy(Real, {
      construct: (target, [url, settings]: [URL, WorkerOptions | undefined]) =>
        // Named otherwise, this one is made as it is.
        settings?.name === 'photoglot-text' ? doomedText() : new target(url, settings),
    });
    try {
      const device = 'webgpu';
      const dtype = { text: 'fp32', image: 'int8' };
      const lens = await createLens({ model: TINY.fixed, assets: '/', device, dtype });
      await lens.dispose();
      expect(lens.info.text).toMatchObject({
        provider: 'wasm',
        dtype: 'fp32',
        rejected: [{ provider: 'webgpu', dtype: 'fp32', reason: 'device-lost' }],
      });
    } finally {
      globalThis.Worker = Real;
    }
  },
  PATIENCE_MS,
);
