/** A tower whose loading fails, or whose worker dies, in real workers. */
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ImageTower, ModelFile, ModelManifest, TextTower } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import type {
  ImageTowerContract,
  TextBatch,
  TextTowerContract,
  TowerInfo,
  TowerLoad,
} from '../protocol/tower-contract';
import { TINY } from '../runtime/test-workers/tiny-models';
import { spawnImageWorker, spawnTextWorker } from './spawn';
import { TowerLink } from './tower-link';

const MODEL = new URL('/models/mini/', location.href).href;
const ORT = new URL('/ort/', location.href).href;
/** Nobody serves there. */
const DEAD = 'http://localhost:1/';
const PATIENCE_MS = 120_000;

let manifest: ModelManifest;
let tower: TowerLink<TextTowerContract>;
let spawned = 0;

beforeAll(async () => {
  manifest = parseManifest(await (await fetch(`${MODEL}manifest.json`)).json());
});

afterEach(() => {
  tower.dispose();
});

function newTower(): void {
  spawned = 0;
  tower = new TowerLink<TextTowerContract>(() => {
    spawned++;
    return spawnTextWorker();
  });
}

function argsOf(changes: Partial<TowerLoad> = {}): TowerLoad {
  const [variant = { file: '', dtype: '' }] = manifest.text.backends.wasm;
  return { manifest, modelUrl: MODEL, ortUrl: ORT, device: 'wasm', variant, ...changes };
}

function load(changes: Partial<TowerLoad> = {}): Promise<TowerInfo> {
  const args = argsOf(changes);
  return tower.load((link, options) => link.call('load', args, options), {});
}

test(
  'without ONNX Runtime it fails, and works as soon as that is there',
  async () => {
    newTower();
    await expect(load({ ortUrl: DEAD })).rejects.toMatchObject({
      code: 'session-failed',
      message: expect.stringContaining(DEAD) as string,
    });
    await load();
    const rows = await tower.call('encode', { texts: ['dog', 'cat'], priority: 'query' });
    expect([rows.count, rows.dim, spawned]).toEqual([2, manifest.dimension, 2]);
  },
  PATIENCE_MS,
);

test(
  'a model that gives other vectors than the manifest says is refused',
  async () => {
    newTower();
    const [first] = manifest.golden.text;
    // Zeros have no direction: as far from the golden vector as any garbage.
    const vector = btoa('\0'.repeat(4 * manifest.dimension));
    const golden = { ...manifest.golden, text: [{ input: first?.input ?? '', vector }] };
    await expect(load({ manifest: { ...manifest, golden } })).rejects.toMatchObject({
      code: 'session-failed',
      message: expect.stringContaining('cosine 0.000') as string,
    });
  },
  PATIENCE_MS,
);

test(
  'a file that is no model is refused',
  async () => {
    newTower();
    const variant = { file: manifest.text.tokenizer, dtype: 'int8' };
    await expect(load({ variant })).rejects.toMatchObject({
      code: 'session-failed',
    });
  },
  PATIENCE_MS,
);

test(
  'calls that wait for the same loading load once; one that gives up stops alone',
  async () => {
    newTower();
    const loader = vi.fn((link: typeof tower.link) => link.call('load', argsOf()));
    const loading = tower.load(loader, {});
    const given = new AbortController();
    const args = { texts: ['dog'], priority: 'query' } as const;
    const abandoned = tower.call('encode', args, { signal: given.signal });
    const calls = [tower.call('encode', args), tower.call('encode', args)];
    given.abort();
    await expect(abandoned).rejects.toMatchObject({ code: 'aborted' });
    await loading;
    for (const call of calls) expect((await call).count).toBe(1);
    expect([loader.mock.calls.length, spawned]).toEqual([1, 1]);
  },
  PATIENCE_MS,
);

describe('an exported model', () => {
  const modelUrl = new URL(TINY.naflex, location.href).href;
  const variant = { file: 'text.fp32.onnx', data: ['text.fp32.onnx_data'], dtype: 'fp32' };
  const batch: Omit<TextBatch, 'sparse' | 'colbert'> = {
    texts: ['a dog', 'a cat'],
    priority: 'query',
    maxTokens: null,
    overlap: null,
  };
  /** No file has it, so nothing of that name is in the cache. */
  const sha256 = '00'.repeat(32);
  let tiny: ModelManifest;
  beforeAll(async () => {
    tiny = parseManifest(await (await fetch(`${modelUrl}manifest.json`)).json());
  });

  function loadTiny(
    changes: Partial<TextTower> = {},
    files: Record<string, ModelFile> = {},
  ): Promise<TowerInfo> {
    const text = { ...tiny.text, ...changes };
    const changed = { ...tiny, text, files: { ...tiny.files, ...files } };
    return load({ manifest: changed, modelUrl, variant });
  }

  test(
    'whose external weights are not there, or are others, is refused, and then loaded',
    async () => {
      newTower();
      const data = 'text.fp32.onnx_data';
      const { size = 0 } = tiny.files[data] ?? {};
      await expect(loadTiny({}, { [data]: { size, sha256 } })).rejects.toMatchObject({
        code: 'integrity',
        message: expect.stringContaining(`${data} has SHA-256 `) as string,
      });
      const none = 'none.onnx_data';
      const files = { ...tiny.files, [none]: { size, sha256 } };
      const failure: unknown = await load({
        manifest: { ...tiny, files },
        modelUrl,
        variant: { ...variant, data: [none] },
      }).catch((thrown: unknown) => thrown);
      // Development servers answer 404 or their start page.
      expect(['network', 'integrity']).toContain((failure as { code?: unknown }).code);
      expect((failure as Error).message).toContain(none);
      await loadTiny();
      const all = { ...batch, sparse: true, colbert: true };
      const outputs = await tower.call('encodeFully', all);
      expect([outputs.length, spawned]).toEqual([2, 3]);
    },
    PATIENCE_MS,
  );

  test(
    'without the weights that its graph names is refused',
    async () => {
      newTower();
      const changes = { manifest: tiny, modelUrl, variant: { ...variant, data: [] } };
      await expect(load(changes)).rejects.toMatchObject({ code: 'session-failed' });
    },
    PATIENCE_MS,
  );

  test.each([
    ['sparse', { sparse: { output: 'dense_vecs', ignoredIds: [] } }, /^The model gave \[2, 48\]/],
    ['sparse', { sparse: { output: 'none', ignoredIds: [] } }, /^The model failed to run\./],
    [
      'colbert',
      { colbert: { output: 'colbert_vecs', dimension: 32 } },
      /, 48\], expected .*, 32\]/,
    ],
    ['colbert', { colbert: { output: 'lexical_weights', dimension: 48 } }, /^The model gave \[2, /],
  ] as const)(
    'whose output "%s" is not what the manifest says: %j',
    async (output, changes, message) => {
      newTower();
      await loadTiny(changes);
      const wanted = { ...batch, sparse: false, colbert: false, [output]: true };
      await expect(tower.call('encodeFully', wanted)).rejects.toMatchObject({
        code: 'session-failed',
        message: expect.stringMatching(message) as string,
      });
      // Its other outputs are as good as before.
      const { count } = await tower.call('encode', batch);
      expect(count).toBe(2);
    },
    PATIENCE_MS,
  );

  test.each<[string, Partial<ImageTower>, RegExp]>([
    [
      'that is no graph',
      { projector: { file: 'tokenizer.json', input: 'features', output: 'embedding' } },
      /^The model could not be loaded/,
    ],
    [
      'whose input has another name',
      { projector: { file: 'projector.onnx', input: 'none', output: 'embedding' } },
      /^The model failed to run\./,
    ],
    [
      'that takes features of another length',
      { features: 47 },
      /gave \[1, 48\], expected \[1, 47\]/,
    ],
  ])(
    'with a projector %s is refused, and then loaded',
    async (_, changes, message) => {
      const image = new TowerLink<ImageTowerContract>(spawnImageWorker);
      const loadImage = (tower: ImageTower): Promise<TowerInfo> => {
        const [best = variant] = tower.backends.wasm;
        const changed = { ...tiny, image: tower };
        const args = argsOf({ manifest: changed, modelUrl, variant: best });
        return image.load((link, options) => link.call('load', args, options), {});
      };
      try {
        await expect(loadImage({ ...tiny.image, ...changes })).rejects.toMatchObject({
          code: 'session-failed',
          message: expect.stringMatching(message) as string,
        });
        expect((await loadImage(tiny.image)).dtype).toBe('int8');
      } finally {
        image.dispose();
      }
    },
    PATIENCE_MS,
  );
});
