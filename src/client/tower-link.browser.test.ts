/** A tower whose loading fails, or whose worker dies, in real workers. */
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import type { TextTowerContract, TowerInfo } from '../protocol/tower-contract';
import { spawnTextWorker } from './spawn';
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

function load(changes: { ortUrl?: string; manifest?: ModelManifest } = {}): Promise<TowerInfo> {
  const args = { manifest, modelUrl: MODEL, ortUrl: ORT, device: 'wasm' as const, ...changes };
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
    const variant = { ...manifest.text.backends.wasm, file: manifest.text.tokenizer };
    const text = { ...manifest.text, backends: { wasm: variant, webgpu: variant } };
    await expect(load({ manifest: { ...manifest, text } })).rejects.toMatchObject({
      code: 'session-failed',
    });
  },
  PATIENCE_MS,
);

test(
  'calls that wait for the same loading load once; one that gives up stops alone',
  async () => {
    newTower();
    const loader = vi.fn((link: typeof tower.link) =>
      link.call('load', { manifest, modelUrl: MODEL, ortUrl: ORT, device: 'wasm' }),
    );
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
