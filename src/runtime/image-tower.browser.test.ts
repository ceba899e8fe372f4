/** The image tower with its preparing workers, and without them: the same, in the same order. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnImageWorker } from '../client/spawn';
import { WorkerLink } from '../client/worker-link';
import { parseManifest } from '../models/parse-manifest';
import type { ImageTowerContract, PictureBatchResult, TowerLoad } from '../protocol/tower-contract';

const MODEL = new URL('/models/mini/', location.href).href;
const PATIENCE_MS = 120_000;
/** Two batches, of one shape, with a file among them that is no picture. */
const COUNT = 8;
const BAD = 3;

let load: TowerLoad;
let blobs: Blob[];
const links: WorkerLink<ImageTowerContract>[] = [];

beforeAll(async () => {
  const manifest = parseManifest(await (await fetch(`${MODEL}manifest.json`)).json());
  const [variant = { file: '', dtype: '' }] = manifest.image.backends.wasm;
  const names = [variant.file, ...(variant.data ?? [])];
  const files = names.map(async (name) => [name, await (await fetch(MODEL + name)).blob()]);
  load = {
    manifest,
    files: Object.fromEntries(await Promise.all(files)) as TowerLoad['files'],
    ortUrl: new URL('/ort/', location.href).href,
    device: 'wasm',
    variant,
  };
  blobs = await Promise.all(Array.from({ length: COUNT }, (_, index) => stripes(index + 2)));
  blobs[BAD] = new Blob(['Dear diary']);
});

afterAll(() => {
  for (const link of links) link.dispose();
});

/** A JPEG of 1,200 × 800 pixels, another for each number. */
async function stripes(number: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(1200, 800);
  const context = canvas.getContext('2d');
  for (let at = 0; at < number; at++) {
    if (context === null) break;
    context.fillStyle = `hsl(${(at * 360) / number} 80% ${20 + 6 * number}%)`;
    context.fillRect((at * 1200) / number, 0, 1200 / number, 800);
  }
  return canvas.convertToBlob({ type: 'image/jpeg' });
}

async function open(spawn: () => Worker): Promise<WorkerLink<ImageTowerContract>> {
  const link = new WorkerLink<ImageTowerContract>(spawn);
  links.push(link);
  await link.call('load', load);
  return link;
}

function encode(link: WorkerLink<ImageTowerContract>): Promise<PictureBatchResult> {
  const pictures = blobs.map((blob) => ({ kind: 'blob', blob }) as const);
  return link.call('encode', { pictures, thumbnail: 64, priority: 'index' });
}

/** Workers that are alive hold a lock each. */
async function workersAlive(): Promise<number> {
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name }) => name?.startsWith('photoglot-worker-') === true).length;
}

test(
  'vectors are the same bit by bit with preparing workers and without, and these end with it',
  async () => {
    const before = await workersAlive();
    const lone = await open(
      () =>
        new Worker(new URL('./test-workers/lone-image.worker.ts', import.meta.url), {
          type: 'module',
        }),
    );
    const expected = await encode(lone);
    expect((await workersAlive()) - before).toBe(1);
    lone.dispose();
    await expect.poll(workersAlive).toBe(before);

    const link = await open(spawnImageWorker);
    const got = await encode(link);
    expect((await workersAlive()) - before).toBeGreaterThan(1);
    expect(got.vectors).toEqual(expected.vectors);
    expect(got.vectors.count).toBe(COUNT - 1);
    expect(got.results[BAD]).toMatchObject({ ok: false, code: 'unsupported-type' });
    const rows = got.results.flatMap((each) => (each.ok ? each.row : []));
    expect(rows).toEqual([...rows.keys()]);
    link.dispose();
    await expect.poll(workersAlive).toBe(before);
  },
  PATIENCE_MS,
);
