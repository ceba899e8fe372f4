/** A model with an image tower for WebGPU and a smaller one for WASM: which runs where, and what each gives. */
import { beforeAll, describe, expect, test } from 'vitest';
import { goldenImage } from '../models/golden-images';
import { cosine, decodeVector } from '../models/golden-vectors';
import type { GoldenVectors, ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { Lens, LensInfo } from './api';
import { createLens } from './create-lens';

/** Both compute as what their golden vectors are of, but for the order of sums. */
const OWN = 0.9999;
/** What vectors of the two towers stay below: their weights share nothing. */
const APART = 0.9;
/** WebGPU on the processor translates every shader on first use. */
const PATIENCE_MS = 240_000;

type Device = 'wasm' | 'webgpu';
type Golden = GoldenVectors['image'];

interface Run {
  readonly info: LensInfo;
  /** By golden input. */
  readonly images: Readonly<Record<string, Float32Array>>;
}

let golden: Readonly<Record<Device, Golden>>;
beforeAll(async () => {
  const answer = await fetch(`${TINY.twoTowers}manifest.json`);
  const manifest: ModelManifest = parseManifest(await answer.json());
  const small = manifest.image.backends.wasm[0]?.golden;
  if (small === undefined) throw new Error('The small tower has no golden vectors.');
  golden = { wasm: small, webgpu: manifest.golden.image };
});

function firstOf([first]: Golden): Float32Array {
  return decodeVector(first?.vector ?? '');
}

/** With texts in int7 on both; WebGPU on the processor has no float16, so its tower is asked for in float32. */
async function open(device: Device): Promise<Lens> {
  const dtype = device === 'wasm' ? {} : { dtype: { text: 'int7', image: 'fp32' } };
  return createLens({ model: TINY.twoTowers, assets: '/', device, ...dtype });
}

async function run(device: Device): Promise<Run> {
  const lens = await open(device);
  try {
    const images: Record<string, Float32Array> = {};
    for (const { input } of golden[device]) {
      const { data, width, height } = goldenImage(input);
      images[input] = (await lens.embedImage([new ImageData(data, width, height)])).data;
    }
    return { info: lens.info, images };
  } finally {
    await lens.dispose();
  }
}

describe.each([
  { device: 'wasm', other: 'webgpu', image: { provider: 'wasm', dtype: 'int7' } },
  { device: 'webgpu', other: 'wasm', image: { provider: 'webgpu', dtype: 'fp32' } },
] as const)('asked for $device', ({ device, other, image }) => {
  let done: Run;
  beforeAll(async () => {
    // So that the self-test is run in full.
    localStorage.clear();
    done = await run(device);
  }, PATIENCE_MS);

  test('the lens tells which tower runs, and that nothing was rejected', () => {
    expect(done.info.image).toMatchObject({ ...image, rejected: [] });
  });

  test('it gives its own golden vectors, not those of the other', () => {
    for (const { input, vector } of golden[device]) {
      const got = done.images[input] ?? new Float32Array();
      expect(got).toHaveLength(done.info.dimension);
      expect(cosine(got, decodeVector(vector)), input).toBeGreaterThan(OWN);
      const foreign = golden[other].find((each) => each.input === input)?.vector ?? '';
      expect(cosine(got, decodeVector(foreign)), input).toBeLessThan(APART);
    }
  });
});

test(
  'WASM brings the files of the small tower alone',
  async () => {
    const seen = new Set<string>();
    const lens = await createLens({
      ...{ model: TINY.twoTowers, assets: '/', device: 'wasm' },
      onProgress: ({ files }) => files.forEach(({ name }) => seen.add(name)),
    });
    await lens.dispose();
    const ofImages = [...seen].filter((name) => /^(image|projector)/.test(name));
    expect(ofImages.toSorted()).toEqual([
      'image.wasm.int7.safetensors',
      'projector.wasm.int7.safetensors',
    ]);
  },
  PATIENCE_MS,
);

test(
  'WebGPU takes the small tower on WASM where none in float16 is before it',
  async () => {
    const lens = await createLens({ model: TINY.twoTowers, assets: '/', device: 'webgpu' });
    await lens.dispose();
    expect(lens.info.image).toMatchObject({ provider: 'wasm', dtype: 'int7', rejected: [] });
  },
  PATIENCE_MS,
);

test(
  'a collection of one tower opens with the other, and texts find its pictures as before',
  async () => {
    const name = `two towers ${crypto.randomUUID()}`;
    const items = golden.wasm.map(({ input }) => {
      const { data, width, height } = goldenImage(input);
      return { id: input, image: new ImageData(data, width, height) };
    });
    const found = [];
    for (const device of ['wasm', 'webgpu'] as const) {
      const lens = await open(device);
      const photos = await lens.open(name);
      if (device === 'wasm') await photos.add(items);
      found.push((await photos.search('dog')).hits.map(({ id, score }) => ({ id, score })));
      const [first] = items;
      const across = (await photos.search({ image: first?.image ?? '' })).hits;
      // The stored vector is the small tower's, the query's that of the tower that runs.
      const [asked, stored] = [firstOf(golden[device]), firstOf(golden.wasm)];
      const score = across.find(({ id }) => id === first?.id)?.score;
      expect(score).toBeCloseTo(cosine(asked, stored), 2);
      if (device === 'webgpu') await photos.clear();
      await lens.dispose();
    }
    expect(found[0]).toHaveLength(items.length);
    expect(found[1]).toEqual(found[0]);
  },
  PATIENCE_MS,
);
