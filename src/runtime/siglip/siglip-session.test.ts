import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createSiglip, encodeSiglip, MODEL, PROJECTOR } from './test-workers/siglip-runner';
import { describeSiglip } from './test-workers/siglip-suite';

const fixture = async (name: string): Promise<Blob> =>
  new Blob([await readFile(new URL(`fixtures/${name}`, import.meta.url))]);

const files = { model: await fixture(MODEL), projector: await fixture(PROJECTOR) };
const tower = await createSiglip({ ...files, projector: null }, 'simd', 1);
const projected = await createSiglip(files, 'simd', 1);

describeSiglip('plain SIMD in Node', false, (pictures) => encodeSiglip(tower, pictures));
describeSiglip('with a projector', true, (pictures) => encodeSiglip(projected, pictures));

test('files of another kind are refused', async () => {
  for (const wrong of [
    { ...files, model: files.projector },
    { ...files, projector: files.model },
    { ...files, model: files.model.slice(0, 50_000) },
    { ...files, model: new Blob(['<!doctype html><title>Not found</title>']) },
  ]) {
    await expect(createSiglip(wrong, 'simd', 1)).rejects.toMatchObject({ code: 'session-failed' });
  }
});
