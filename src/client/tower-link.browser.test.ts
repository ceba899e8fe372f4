/** A tower whose loading fails, or whose worker dies, in real workers. */
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ImageTower, ModelManifest, TextTower } from '../models/manifest';
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
import type { WorkerLink } from './worker-link';

const MODEL = new URL('/models/mini/', location.href).href;
const ORT = new URL('/ort/', location.href).href;
/** Nobody serves there. */
const DEAD = 'http://localhost:1/';
const PATIENCE_MS = 120_000;

let manifest: ModelManifest;
let files: TowerLoad['files'];
let tower: TowerLink<TextTowerContract>;
let spawned = 0;

beforeAll(async () => {
  manifest = parseManifest(await (await fetch(`${MODEL}manifest.json`)).json());
  files = await filesIn(MODEL, ['tokenizer.json', 'text.onnx']);
});

async function filesIn(folder: string, names: readonly string[]): Promise<TowerLoad['files']> {
  const files = names.map(async (name) => [name, await (await fetch(folder + name)).blob()]);
  return Object.fromEntries(await Promise.all(files)) as TowerLoad['files'];
}

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
  return { manifest, files, ortUrl: ORT, device: 'wasm', variant, ...changes };
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
      code: 'backend-unavailable',
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
      code: 'self-test-failed',
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
    const loader = vi.fn((link: WorkerLink<TextTowerContract>) => link.call('load', argsOf()));
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

const DISPOSED = { code: 'disposed' };

/** Each is refused, and none of them starts anything. */
async function expectRefusals(): Promise<void> {
  const loader = vi.fn((link: WorkerLink<TextTowerContract>) => link.call('load', argsOf()));
  const before = spawned;
  // Several times: a link that a failure replaced would only be noticed by the next call.
  for (let time = 0; time < 3; time++) {
    const call = tower.call('encode', { texts: ['dog'], priority: 'query' });
    await expect(call).rejects.toMatchObject(DISPOSED);
    await expect(tower.warmUp()).rejects.toMatchObject(DISPOSED);
    await expect(tower.load(loader, {})).rejects.toMatchObject(DISPOSED);
    await tower.unload();
  }
  expect([loader.mock.calls.length, spawned]).toEqual([0, before]);
}

test(
  'a call right after an unloading that has nothing to end loads the tower',
  async () => {
    newTower();
    await load();
    await tower.unload();
    const unloading = tower.unload();
    await Promise.all([unloading, tower.warmUp()]);
    expect(spawned).toBe(2);
  },
  PATIENCE_MS,
);

describe('after dispose all calls are refused, and nothing is loaded,', () => {
  test(
    'when it was loaded',
    async () => {
      newTower();
      await load();
      tower.dispose();
      await expectRefusals();
      expect(spawned).toBe(1);
    },
    PATIENCE_MS,
  );

  test('when it never was', async () => {
    newTower();
    tower.dispose();
    await expectRefusals();
    expect(spawned).toBe(0);
  });

  test(
    'when it was unloaded',
    async () => {
      newTower();
      await load();
      await tower.unload();
      tower.dispose();
      await expectRefusals();
    },
    PATIENCE_MS,
  );

  test('while it was loading, and calls were waiting', async () => {
    newTower();
    const waiting = [load(), tower.call('encode', { texts: ['dog'], priority: 'query' })];
    const refused = waiting.map((call) => expect(call).rejects.toMatchObject(DISPOSED));
    await vi.waitUntil(() => spawned === 1);
    tower.dispose();
    await Promise.all(refused);
    await expectRefusals();
  });

  test(
    'after a loading that failed',
    async () => {
      newTower();
      await expect(load({ ortUrl: DEAD })).rejects.toMatchObject({ code: 'backend-unavailable' });
      tower.dispose();
      await expectRefusals();
    },
    PATIENCE_MS,
  );
});

describe('an exported model', () => {
  const modelUrl = new URL(TINY.naflex, location.href).href;
  const variant = { file: 'text.fp32.onnx', data: ['text.fp32.onnx_data'], dtype: 'fp32' };
  const batch: Omit<TextBatch, 'sparse' | 'colbert'> = {
    texts: ['a dog', 'a cat'],
    priority: 'query',
    maxTokens: null,
    overlap: null,
  };
  let tiny: ModelManifest;
  let tinyFiles: TowerLoad['files'];
  beforeAll(async () => {
    tiny = parseManifest(await (await fetch(`${modelUrl}manifest.json`)).json());
    tinyFiles = await filesIn(modelUrl, Object.keys(tiny.files));
  });

  function loadTiny(
    changes: Partial<TextTower> = {},
    changed: TowerLoad['files'] = {},
  ): Promise<TowerInfo> {
    const text = { ...tiny.text, ...changes };
    const given = { ...tinyFiles, ...changed };
    return load({ manifest: { ...tiny, text }, files: given, variant });
  }

  test(
    'whose external weights are not given, or too few, is refused, and then loaded',
    async () => {
      newTower();
      const data = 'text.fp32.onnx_data';
      const short = tinyFiles[data]?.slice(0, 1000) ?? new Blob();
      await expect(loadTiny({}, { [data]: short })).rejects.toMatchObject({
        code: 'session-failed',
      });
      const others = { manifest: tiny, files: { ...tinyFiles } };
      await expect(
        load({ ...others, variant: { ...variant, data: ['none.onnx_data'] } }),
      ).rejects.toMatchObject({
        code: 'internal',
        message: expect.stringContaining('none.onnx_data') as string,
      });
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
      const changes = { manifest: tiny, files: tinyFiles, variant: { ...variant, data: [] } };
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
        const args = argsOf({ manifest: changed, files: tinyFiles, variant: best });
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
