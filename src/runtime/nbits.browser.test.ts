/**
 * ONNX Runtime's products of N-bit weights on WebGPU, which can be wrong without any error: in the sizes
 * of real models against plain arithmetic, and in a whole tower against WASM.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { WorkerLink } from '../client/worker-link';
import { cosine } from '../models/golden-vectors';
import { padTokens } from '../preprocess/token-batches';
import { deviation, rowsIn } from './test-workers/closeness';
import type { GraphContract } from './test-workers/graph-contract';
import {
  nBitsGraph,
  nBitsProduct,
  numbers,
  randomWeights,
  type NBitsSize,
} from './test-workers/nbits-graph';
import { TINY } from './test-workers/tiny-models';

/** Of the root mean square: another order of sums. */
const EXACT = 1e-4;
/** WebGPU on the processor translates every shader on first use. */
const PATIENCE_MS = 600_000;

const link = new WorkerLink<GraphContract>(
  () => new Worker(new URL('./test-workers/graph.worker.ts', import.meta.url), { type: 'module' }),
);
afterAll(() => {
  link.dispose();
});

/** The feed-forward layers of BGE-M3 and So400m. */
const LAYERS = [
  [1024, 4096],
  [4096, 1024],
  [1152, 4304],
  // 134 blocks and a half.
  [4304, 1152],
] as const;
/** Kernels differ for a row, a few, and tiles that are full or not. */
const ROWS = [1, 3, 16, 37] as const;

describe.each([4, 8] as const)('a product of %i bits', (bits) => {
  test.each(LAYERS)(
    'from %i inputs to %i outputs',
    async (inputs, outputs) => {
      const random = numbers(inputs + outputs);
      for (const rows of ROWS) {
        const size: NBitsSize = { bits, rows, inputs, outputs };
        const weights = randomWeights(size, random);
        const x = Float32Array.from({ length: rows * inputs }, () => random() - 0.5);
        const model = new Blob([nBitsGraph(size, weights)]);
        await link.call('openBlobs', { model, data: [], provider: 'webgpu' });
        const [y] = await link.call('run', {
          inputs: { x: { type: 'float32', data: x, dims: [rows, inputs] } },
          outputs: ['y'],
        });
        const off = deviation(y?.data ?? new Float32Array(), nBitsProduct(x, size, weights));
        expect(off, `${rows} rows`).toBeLessThanOrEqual(EXACT);
      }
    },
    PATIENCE_MS,
  );
});

/** Texts of these lengths, alone and side by side. */
const LENGTHS = [2, 3, 5, 16, 17, 33, 127];
/** Of the tiny model. */
const WIDTH = 64;

test.each(['q4', 'w8'])(
  'a whole text tower in %s gives on WebGPU what it gives on WASM',
  async (dtype) => {
    const texts = LENGTHS.map((length, salt) =>
      Array.from({ length }, (_, i) => 4 + ((i * i * 7 + i * 13 + salt * 31) % 900)),
    );
    const batches = [texts, ...texts.map((ids) => [ids])];
    // Which word a token is does not matter here.
    const random = numbers(1);
    const word = Array.from({ length: 1000 }, () =>
      Float32Array.from({ length: WIDTH }, () => 2 * random() - 1),
    );
    const vectors = async (provider: 'wasm' | 'webgpu'): Promise<Float32Array[]> => {
      await link.call('open', { url: `${TINY.nbits}text.${dtype}.onnx`, weights: true, provider });
      const rows: Float32Array[] = [];
      for (const batch of batches) {
        const { ids, mask, count, length } = padTokens(batch, 1);
        const dims = [count, length];
        const [dense] = await link.call('run', {
          inputs: {
            input_ids: { type: 'int64', data: ids, dims },
            attention_mask: { type: 'int64', data: mask, dims },
            word_rows: {
              type: 'float32',
              data: Float32Array.from(
                Array.from(ids, (id) => [...(word[Number(id)] ?? [])]).flat(),
              ),
              dims: [...dims, WIDTH],
            },
          },
          outputs: ['dense_vecs'],
        });
        rows.push(...rowsIn(dense?.data ?? new Float32Array(), dense?.dims[1] ?? 0));
      }
      return rows;
    };
    const expected = await vectors('wasm');
    const got = await vectors('webgpu');
    expect(got).toHaveLength(2 * LENGTHS.length);
    got.forEach((vector, row) => {
      expect(cosine(vector, expected[row] ?? new Float32Array())).toBeGreaterThan(0.9999);
    });
    // Different texts have different vectors, or all of this says nothing.
    expect(cosine(got[0] ?? new Float32Array(), got[1] ?? new Float32Array())).toBeLessThan(0.9);
  },
  PATIENCE_MS,
);
