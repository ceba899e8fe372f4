/** The tiny image tower of the fixtures, for tests. */
import type { QueryFlag } from '../../../protocol/query-flag';
import { givingWay } from '../../kernels/give-way';
import type { KernelName } from '../../kernels/kernel';
import type { PatchGrid } from '../siglip-encoder';
import { SiglipSession } from '../siglip-session';

export interface SiglipFiles {
  readonly model: Blob;
  readonly projector: Blob | null;
}

/** Names of the fixtures' files. */
export const MODEL = 'tiny.int7.safetensors';
export const PROJECTOR = 'tiny-projector.int7.safetensors';

const tower = {
  inputs: { pixels: 'pixel_values', mask: 'pixel_attention_mask', shapes: 'spatial_shapes' },
  output: 'pooler_output',
};

export function createSiglip(
  { model, projector }: SiglipFiles,
  kernel: KernelName,
  threads: number,
  queries?: QueryFlag,
): Promise<SiglipSession> {
  return SiglipSession.create({
    model: { path: MODEL, blob: model },
    projector: projector === null ? null : { path: PROJECTOR, blob: projector },
    tower,
    threads,
    kernel,
    signal: new AbortController().signal,
    ...(queries && {
      held: (pool) =>
        givingWay(pool, () => {
          queries.wait();
        }),
    }),
  });
}

/** The vector of each picture, of any length; the pictures go in together, padded to the largest. */
export async function encodeSiglip(
  session: SiglipSession,
  pictures: readonly PatchGrid[],
): Promise<readonly Float32Array[]> {
  const counts = pictures.map(({ rows, columns }) => rows * columns);
  const patches = Math.max(...counts);
  const values = 768;
  const pixels = new Float32Array(pictures.length * patches * values);
  const mask = new BigInt64Array(pictures.length * patches);
  const shapes = new BigInt64Array(pictures.length * 2);
  pictures.forEach((picture, index) => {
    pixels.set(picture.pixels, index * patches * values);
    mask.fill(1n, index * patches, index * patches + (counts[index] ?? 0));
    shapes.set([BigInt(picture.rows), BigInt(picture.columns)], 2 * index);
  });
  const count = pictures.length;
  const [output] = await session.run(
    {
      pixel_values: { type: 'float32', data: pixels, dims: [count, patches, values] },
      pixel_attention_mask: { type: 'int64', data: mask, dims: [count, patches] },
      spatial_shapes: { type: 'int64', data: shapes, dims: [count, 2] },
    },
    ['pooler_output'],
    { signal: new AbortController().signal, shared: false },
  );
  const [, dim = 0] = output.dims;
  return pictures.map((_, row) => output.data.slice(row * dim, (row + 1) * dim));
}
