/** `add` in two passes with real towers: one that takes lists of patches, and one of a fixed size. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cosine } from '../models/golden-vectors';
import { parseManifest } from '../models/parse-manifest';
import type { ImageTowerContract, Priority } from '../protocol/tower-contract';
import { patchwork } from '../runtime/test-workers/patchwork';
import { TINY, tinyReference } from '../runtime/test-workers/tiny-models';
import type { AddProgress, Collection, ItemInput, Lens } from './api';
import { createLens } from './create-lens';
import { spawnImageWorker } from './spawn';
import { FORMS } from './test-workers/altered-model';
import { TowerEncoders } from './tower-encoders';
import { TowerLink } from './tower-link';

const PATIENCE_MS = 240_000;
/** Float32 in another order of sums, as other pictures share the run. */
const SAME = 1 - 1e-5;

let items: (ItemInput & { readonly id: string })[];
beforeAll(async () => {
  const { naflex } = await tinyReference();
  items = naflex.slice(0, 10).map(({ seed, width, height }, index) => ({
    id: `${index}`,
    image: patchwork(seed, width, height),
  }));
});

async function vectorsOf(photos: Collection): Promise<Float32Array[]> {
  const vectors = await Promise.all(items.map(({ id }) => photos.vector(id)));
  return vectors.map((vector) => vector ?? new Float32Array(0));
}

describe('a tower of patches', () => {
  let lens: Lens;
  let photos: Collection;
  let expected: Float32Array[];

  beforeAll(async () => {
    lens = await createLens({ model: TINY.naflex, assets: '/', device: 'wasm', dtype: 'fp32' });
    const plain = await lens.open(`plain ${crypto.randomUUID()}`);
    await plain.add(items);
    expected = await vectorsOf(plain);
    await plain.clear();
  }, PATIENCE_MS);
  afterAll(() => lens.dispose());

  beforeEach(async () => {
    photos = await lens.open(`quick ${crypto.randomUUID()}`);
  });
  afterEach(() => photos.clear());

  function expectFull(got: readonly Float32Array[]): void {
    got.forEach((vector, index) => {
      expect(cosine(vector, expected[index] ?? vector), `${index}`).toBeGreaterThan(SAME);
    });
  }

  test(
    'gives the vectors that one pass gives',
    async () => {
      const reports: AddProgress[] = [];
      const onProgress = (report: AddProgress): void => void reports.push(report);
      const result = await photos.add(items, { quick: true, onProgress });
      expect(result).toMatchObject({ skipped: [], failed: [], refined: [], rough: [] });
      expect(result.added).toHaveLength(items.length);
      expectFull(await vectorsOf(photos));
      expect(await photos.count()).toBe(items.length);
      const { length } = items;
      expect(reports.some(({ done, rough }) => done === length && rough === length)).toBe(true);
      expect(reports.at(-1)).toMatchObject({ done: length, rough: 0 });
      expect(await photos.thumbnail('0')).toMatchObject({ type: 'image/jpeg' });
    },
    PATIENCE_MS,
  );

  test(
    'aborted before its second pass, it leaves items that are found, and refined by the next add',
    async () => {
      const controller = new AbortController();
      const onProgress = ({ done, rough }: AddProgress): void => {
        if (done === items.length && rough === items.length) controller.abort();
      };
      const options = { quick: true, signal: controller.signal, onProgress };
      await expect(photos.add(items, options)).rejects.toMatchObject({ code: 'aborted' });

      const rough = await vectorsOf(photos);
      for (const [index, { id }] of items.entries()) {
        const vector = rough[index] ?? new Float32Array(0);
        const similarity = cosine(vector, expected[index] ?? vector);
        // Half the patches see the same picture, less sharply.
        expect(similarity, id).toBeLessThan(SAME);
        const { hits } = await photos.search({ vector }, { limit: 1 });
        expect(hits[0]).toMatchObject({ id, rough: true });
      }
      const again = await photos.add(items);
      expect(again).toMatchObject({ added: [], skipped: [], failed: [], rough: [] });
      expect(again.refined).toHaveLength(items.length);
      expectFull(await vectorsOf(photos));
      expect((await photos.add(items)).skipped).toHaveLength(items.length);
    },
    PATIENCE_MS,
  );
});

test(
  'a second pass lets queries and other adds pass',
  async () => {
    const manifest = parseManifest(await (await fetch(`${TINY.naflex}manifest.json`)).json());
    const named = Object.keys(manifest.files)
      .filter((name) => name.startsWith('image') || name === 'projector.onnx')
      .map(async (name) => [name, await (await fetch(TINY.naflex + name)).blob()] as const);
    const files = Object.fromEntries(await Promise.all(named));
    const ortUrl = new URL('/ort/', location.href).href;
    const variant = FORMS.image.fp32;
    const tower = new TowerLink<ImageTowerContract>(spawnImageWorker);
    const load = { manifest, files, ortUrl, device: 'wasm', variant } as const;
    await tower.load((link, options) => link.call('load', load, options), {});

    const order: Priority[] = [];
    const pixels = patchwork(1, 320, 240);
    const encode = async (priority: Priority, count: number): Promise<void> => {
      const pictures = Array.from({ length: count }, () => ({ kind: 'pixels', pixels }) as const);
      await tower.call('encode', { pictures, thumbnail: 0, priority });
      order.push(priority);
    };
    // In the order of their arrival the first would be the first to end.
    await Promise.all([encode('idle', 16), encode('index', 2), encode('query', 1)]);
    expect(order).toEqual(['query', 'index', 'idle']);
    tower.dispose();
  },
  PATIENCE_MS,
);

test('half the patches, and none for a model of one size', () => {
  const link = new TowerLink<never>(() => {
    throw new Error('not needed');
  });
  const quickPatchesOf = (geometry?: ConstructorParameters<typeof TowerEncoders>[0]['image']) =>
    new TowerEncoders(
      { id: 'm', version: '1', dimension: 4, image: geometry ?? { batch: 1 } },
      link,
      link,
    ).quickPatches;
  const patches = { kind: 'patches', patch: 16 } as const;
  expect(quickPatchesOf({ batch: 1, geometry: { ...patches, maxPatches: 256 } })).toBe(128);
  expect(quickPatchesOf({ batch: 1, geometry: { ...patches, maxPatches: 1 } })).toBeNull();
  const fixed = { kind: 'fixed', width: 224, height: 224, fit: 'squash' } as const;
  expect(quickPatchesOf({ batch: 1, geometry: fixed })).toBeNull();
  expect(quickPatchesOf()).toBeNull();
});

test(
  'mini takes pictures of its own size only: one pass',
  async () => {
    const lens = await createLens({ model: 'mini', assets: '/', device: 'wasm' });
    try {
      const photos = await lens.open(`mini ${crypto.randomUUID()}`);
      const reports: AddProgress[] = [];
      const onProgress = (report: AddProgress): void => void reports.push(report);
      const [item] = items;
      if (item === undefined) throw new Error('no picture');
      const result = await photos.add([item], { quick: true, onProgress });
      expect(result).toMatchObject({ added: [item.id], refined: [], rough: [] });
      expect(reports.map(({ rough }) => rough)).toEqual(reports.map(() => 0));
      expect(await photos.get(item.id)).not.toHaveProperty('rough');
      await photos.clear();
    } finally {
      await lens.dispose();
    }
  },
  PATIENCE_MS,
);
