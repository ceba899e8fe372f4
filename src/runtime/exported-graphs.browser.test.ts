/**
 * The exported graphs by themselves, in a worker, against PyTorch; and what would go unnoticed if the
 * comparison were too weak: inputs that are wrong on purpose must fail it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WorkerLink } from '../client/worker-link';
import { decodeVector } from '../models/golden-vectors';
import { targetOf } from '../preprocess/geometry';
import { packPatches, type PatchBatch } from '../preprocess/pack-patches';
import { Resizer } from '../preprocess/resize';
import { padTokens } from '../preprocess/token-batches';
import { deviation, rowsIn } from './test-workers/closeness';
import type { GraphContract } from './test-workers/graph-contract';
import { patchwork } from './test-workers/patchwork';
import { TINY, tinyReference, type TinyReference } from './test-workers/tiny-models';
import type { TensorInput, TensorOutput } from './tower-session';

const EXACT = 1e-4;
/** A wrong input has to be off by far more than rounding. */
const WRONG = 100 * EXACT;
const PATCH = 16;

const link = new WorkerLink<GraphContract>(
  () => new Worker(new URL('./test-workers/graph.worker.ts', import.meta.url), { type: 'module' }),
);
afterAll(() => {
  link.dispose();
});

let reference: TinyReference;
beforeAll(async () => {
  reference = await tinyReference();
});

async function open(file: string, weights = true): Promise<void> {
  await link.call('open', { url: TINY.naflex + file, weights, provider: 'wasm' });
}

async function run(
  inputs: Readonly<Record<string, TensorInput>>,
  output: string,
): Promise<TensorOutput> {
  const [tensor] = await link.call('run', { inputs, outputs: [output] });
  if (tensor === undefined) throw new Error('no output');
  return tensor;
}

describe('the image tower', () => {
  let batch: PatchBatch;
  let expected: Float32Array[];
  beforeAll(async () => {
    await open('image.fp32.onnx');
    const resizer = new Resizer();
    const geometry = { kind: 'patches', patch: PATCH, maxPatches: 256 } as const;
    const pictures = reference.naflex.map(({ seed, width, height }) => {
      const target = targetOf(geometry, width, height);
      const rgb = resizer.resize(patchwork(seed, width, height), target, 'bilinear');
      return { rgb, width: target.width, height: target.height };
    });
    batch = packPatches(pictures, { patch: PATCH, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
    expected = reference.naflex.map(({ features }) => decodeVector(features));
  });

  async function deviations(changes: Partial<PatchBatch> = {}): Promise<number[]> {
    const { count, patches, pixels, mask, shapes } = { ...batch, ...changes };
    const { data, dims } = await run(
      {
        pixel_values: { type: 'float32', data: pixels, dims: [count, patches, 3 * PATCH * PATCH] },
        pixel_attention_mask: { type: 'int64', data: mask, dims: [count, patches] },
        spatial_shapes: { type: 'int64', data: shapes, dims: [count, 2] },
      },
      'pooler_output',
    );
    expect(dims[0]).toBe(expected.length);
    const rows = rowsIn(data, dims[1] ?? 0);
    return expected.map((vector, index) => deviation(rows[index] ?? new Float32Array(), vector));
  }

  /** Which pictures have padding. */
  const padded = (): boolean[] =>
    reference.naflex.map(
      (_, row) => (batch.shapes[2 * row] ?? 0n) * (batch.shapes[2 * row + 1] ?? 0n) < 256n,
    );

  test('resizes its positions for squares, a single row, a single column and all between', async () => {
    const grids = reference.naflex.map((_, row) =>
      [...batch.shapes.subarray(2 * row, 2 * row + 2)].join('x'),
    );
    expect(grids).toEqual(expect.arrayContaining(['16x16', '1x256', '256x1']));
    expect(Math.max(...(await deviations()))).toBeLessThanOrEqual(EXACT);
  });

  test('without its mask it sees the padding', async () => {
    const found = await deviations({ mask: batch.mask.map(() => 1n) });
    const wrong = found.filter((_, index) => padded()[index]);
    expect(wrong.length).toBeGreaterThan(20);
    expect(Math.min(...wrong)).toBeGreaterThan(WRONG);
  });

  test('with rows and columns exchanged it is lost', async () => {
    const shapes = batch.shapes.map((_, index) => batch.shapes[index ^ 1] ?? 0n);
    const square = reference.naflex.map(
      (_, row) => batch.shapes[2 * row] === batch.shapes[2 * row + 1],
    );
    const found = await deviations({ shapes });
    expect(Math.min(...found.filter((_, index) => !square[index]))).toBeGreaterThan(WRONG);
  });

  test('with the order of the patches reversed it is lost', async () => {
    const values = 3 * PATCH * PATCH;
    const pixels = batch.pixels.slice();
    const changed = reference.naflex.map((_, row) => {
      const count = Number((batch.shapes[2 * row] ?? 0n) * (batch.shapes[2 * row + 1] ?? 0n));
      const start = row * batch.patches * values;
      const own = batch.pixels.subarray(start, start + count * values);
      for (let patch = 0; patch < count; patch++) {
        const from = own.subarray((count - 1 - patch) * values, (count - patch) * values);
        pixels.set(from, start + patch * values);
      }
      return own.some((value, at) => value !== pixels[start + at]);
    });
    const found = (await deviations({ pixels })).filter((_, index) => changed[index]);
    expect(found.length).toBeGreaterThan(30);
    expect(Math.min(...found)).toBeGreaterThan(WRONG);
  });

  test('with channels exchanged it is lost', async () => {
    const pixels = batch.pixels.map((_, at) => batch.pixels[at - (at % 3) + ((at + 1) % 3)] ?? 0);
    expect(Math.min(...(await deviations({ pixels })))).toBeGreaterThan(WRONG);
  });
});

test('the projector', async () => {
  await open('projector.onnx', false);
  const features = reference.naflex.map((each) => decodeVector(each.features));
  const dim = features[0]?.length ?? 0;
  const data = Float32Array.from(features.flatMap((vector) => [...vector]));
  const input = { type: 'float32', data, dims: [features.length, dim] } as const;
  const output = await run({ features: input }, 'embedding');
  const rows = rowsIn(output.data, output.dims[1] ?? 0);
  reference.naflex.forEach(({ embedding }, index) => {
    expect(
      deviation(rows[index] ?? new Float32Array(), decodeVector(embedding)),
    ).toBeLessThanOrEqual(EXACT);
  });
});

describe('the text tower', () => {
  beforeAll(() => open('text.fp32.onnx'));

  async function dense(
    rows: readonly (readonly number[])[],
    masked = true,
  ): Promise<Float32Array[]> {
    const { ids, mask, count, length } = padTokens(rows, 1);
    const dims = [count, length];
    const given = masked ? mask : mask.map(() => 1n);
    const { data, dims: shape } = await run(
      {
        input_ids: { type: 'int64', data: ids, dims },
        attention_mask: { type: 'int64', data: given, dims },
      },
      'dense_vecs',
    );
    return rowsIn(data, shape[1] ?? 0);
  }

  function deviationsOf(got: readonly Float32Array[]): number[] {
    return reference.texts.map((each, index) =>
      deviation(got[index] ?? new Float32Array(), decodeVector(each.dense)),
    );
  }

  test('side by side with longer texts', async () => {
    const got = await dense(reference.texts.map(({ ids }) => ids));
    expect(Math.max(...deviationsOf(got))).toBeLessThanOrEqual(EXACT);
  });

  test('without its mask it sees the padding', async () => {
    const rows = reference.texts.map(({ ids }) => ids);
    const longest = Math.max(...rows.map((ids) => ids.length));
    const found = deviationsOf(await dense(rows, false));
    const shorter = found.filter((_, index) => (rows[index]?.length ?? 0) < longest);
    expect(Math.min(...shorter)).toBeGreaterThan(WRONG);
  });

  test('with one token changed it is lost', async () => {
    const rows = reference.texts.map(({ ids }) => ids.with(1, ((ids[1] ?? 0) % 5000) + 500));
    expect(Math.min(...deviationsOf(await dense(rows)))).toBeGreaterThan(WRONG);
  });

  test('with two tokens exchanged it is lost', async () => {
    const rows = reference.texts.map(({ ids }) => ids.with(1, ids[2] ?? 0).with(2, ids[1] ?? 0));
    const different = reference.texts.map(({ ids }) => ids.length > 3 && ids[1] !== ids[2]);
    const found = deviationsOf(await dense(rows)).filter((_, index) => different[index]);
    expect(found.length).toBeGreaterThan(20);
    expect(Math.min(...found)).toBeGreaterThan(EXACT);
  });

  test('takes 8,192 tokens', async () => {
    const { tokens, dense: vector, lexical } = reference.long;
    const vocabulary = 6002;
    const content = Array.from(
      { length: tokens - 2 },
      (_, i) => 4 + ((i * i * 7 + i * 13) % (vocabulary - 5)),
    );
    const ids = [0, ...content, 2];
    expect(ids).toHaveLength(8192);
    const [got] = await dense([ids]);
    expect(deviation(got ?? new Float32Array(), decodeVector(vector))).toBeLessThanOrEqual(EXACT);
    const batch = padTokens([ids], 1);
    const dims = [1, tokens];
    const weights = await run(
      {
        input_ids: { type: 'int64', data: batch.ids, dims },
        attention_mask: { type: 'int64', data: batch.mask, dims },
      },
      'lexical_weights',
    );
    expect(deviation(weights.data, decodeVector(lexical))).toBeLessThanOrEqual(EXACT);
  });
});
