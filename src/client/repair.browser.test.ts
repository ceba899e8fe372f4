/** A lens whose files the browser has lost while its towers were unloaded. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetDatabases } from '../delivery/test-workers/devtools';
import type { DeliveredFiles } from '../protocol/delivery-contract';
import { losableBlob, type LosableBlob } from '../runtime/test-workers/lost-blob';
import type { Lens } from './api';
import { createLens } from './create-lens';
import { openModelCache } from './model-cache';
import { WorkerLink } from './worker-link';

const WEIGHTS = 'text.onnx';

type AnyCall = (...args: readonly unknown[]) => Promise<unknown>;

/** What each delivery brought over the network, in bytes. */
let downloaded: number[] = [];
let weights: LosableBlob | null = null;
let lens: Lens;

beforeEach(async () => {
  [weights, downloaded] = [null, []];
  await forgetDatabases();
  watchDeliveries();
  lens = await createLens({ model: 'mini', assets: '/', unloadAfter: null });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await lens.dispose();
});

/**
 * A window that keeps nothing, as here, has its Blobs in memory, where none is lost: the weights of
 * the first delivery are put on the disk.
 */
function watchDeliveries(): void {
  const prototype = WorkerLink.prototype as unknown as { call: AnyCall };
  const { call } = prototype;
  vi.spyOn(prototype, 'call').mockImplementation(async function (this: unknown, ...args) {
    const result = await call.apply(this, args);
    if (args[0] !== 'files') return result;
    const delivered = result as DeliveredFiles;
    downloaded.push(delivered.downloaded);
    if (weights !== null) return delivered;
    weights = await losableBlob(delivered.files[WEIGHTS] ?? new Blob());
    return { ...delivered, files: { ...delivered.files, [WEIGHTS]: weights.blob } };
  });
}

async function modelBytes(): Promise<number> {
  const models = openModelCache();
  const [model] = await models.list();
  models.dispose();
  return model?.bytes ?? 0;
}

test('loads again from what is kept, when only its handle was lost', async () => {
  const before = await lens.embedText(['dog']);
  await lens.unload();
  await weights?.lose();
  expect(await lens.embedText(['dog'])).toEqual(before);
  expect(downloaded).toEqual([expect.any(Number), 0]);
});

test('fetches the model again, when the whole database was lost', async () => {
  const before = await lens.embedText(['dog']);
  const bytes = await modelBytes();
  expect(downloaded).toEqual([bytes]);
  await lens.unload();
  await weights?.lose();
  await forgetDatabases();
  expect(await lens.embedText(['dog'])).toEqual(before);
  expect([downloaded, await modelBytes()]).toEqual([[bytes, bytes], bytes]);
});
