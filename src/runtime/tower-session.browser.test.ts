/** Sessions made of Blobs: the same numbers on every build of ONNX Runtime, and Blobs that are lost. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WorkerLink } from '../client/worker-link';
import type { PhotoglotError } from '../errors';
import { decodeVector } from '../models/golden-vectors';
import type { BuildContract, OrtBuild, WeightsForm } from './test-workers/build-contract';
import { deviation } from './test-workers/closeness';
import type { GraphContract } from './test-workers/graph-contract';
import { lostBlob } from './test-workers/lost-blob';
import { TINY, tinyReference, type TextReference } from './test-workers/tiny-models';

const GRAPH = 'text.fp32.onnx';
const WEIGHTS = `${GRAPH}_data`;
const EXACT = 1e-4;

let text: TextReference;
beforeAll(async () => {
  const [first] = (await tinyReference()).texts;
  if (first === undefined) throw new Error('there is no reference');
  text = first;
});

describe('weights outside of the graph', () => {
  /** In a worker of its own. */
  async function dense(
    build: OrtBuild,
    threads: number,
    graph: string,
    form: WeightsForm,
  ): ReturnType<BuildContract['dense']> {
    const link = new WorkerLink<BuildContract>(
      () =>
        new Worker(new URL('./test-workers/build.worker.ts', import.meta.url), { type: 'module' }),
    );
    try {
      const url = TINY.naflex + graph;
      return await link.call('dense', { build, threads, url, form, tokens: text.ids });
    } finally {
      link.dispose();
    }
  }

  describe.each(['text.fp32.onnx', 'text.int8.onnx'])('of %s', (graph) => {
    let plain: Float32Array;
    beforeAll(async () => {
      plain = (await dense('wasm', 1, graph, 'bytes')).vector;
    });

    test.each([
      ['wasm', 1],
      ['wasm', 2],
      ['jspi', 1],
      ['jspi', 2],
      ['asyncify', 1],
    ] as const)('read where they lie, on the %s build with %i threads', async (build, threads) => {
      const { vector, reads } = await dense(build, threads, graph, 'blob-bytes');
      expect(reads).toBeGreaterThan(10);
      expect(deviation(vector, plain)).toBeLessThanOrEqual(EXACT);
      if (threads === 1) expect([...vector]).toEqual([...plain]);
    });

    test('handed to the JSPI build as a Blob', async () => {
      const { vector } = await dense('jspi', 1, graph, 'blob');
      expect([...vector]).toEqual([...plain]);
    });
  });
});

describe('a session', () => {
  const link = new WorkerLink<GraphContract>(
    () =>
      new Worker(new URL('./test-workers/graph.worker.ts', import.meta.url), { type: 'module' }),
  );
  afterAll(() => {
    link.dispose();
  });

  let model: Blob;
  let weights: Blob;
  beforeAll(async () => {
    [model, weights] = await Promise.all([
      blobOf(TINY.naflex + GRAPH),
      blobOf(TINY.naflex + WEIGHTS),
    ]);
  });

  const open = (graph: Blob, blob: Blob): Promise<null> =>
    link.call('openBlobs', { model: graph, data: [{ path: WEIGHTS, blob }], provider: 'wasm' });

  async function expectToRun(): Promise<void> {
    const dims = [1, text.ids.length];
    const [output] = await link.call('run', {
      inputs: {
        input_ids: { type: 'int64', data: BigInt64Array.from(text.ids, BigInt), dims },
        attention_mask: { type: 'int64', data: new BigInt64Array(text.ids.length).fill(1n), dims },
      },
      outputs: ['dense_vecs'],
    });
    const vector = output?.data ?? new Float32Array();
    expect(deviation(vector, decodeVector(text.dense))).toBeLessThanOrEqual(EXACT);
  }

  test('takes weights that are composed of pieces', async () => {
    const third = Math.ceil(weights.size / 3);
    const pieces = [0, 1, 2].map((piece) => weights.slice(piece * third, (piece + 1) * third));
    await open(model, new Blob(pieces));
    await expectToRun();
  });

  test.each([
    ['weights', () => open(model, new Blob(['', weights.slice(0, weights.size - 4)]))],
    ['graph', () => open(model.slice(0, model.size / 2), weights)],
  ])('refuses a %s cut short, and makes the next one', async (_, openCut) => {
    await expect(openCut()).rejects.toMatchObject({ code: 'session-failed' });
    await open(model, weights);
    await expectToRun();
  });

  test('says which of the weights the browser has lost, and makes the next one', async () => {
    // One lost piece in the middle.
    const third = Math.ceil(weights.size / 3);
    const lost = await lostBlob(weights.slice(third, 2 * third));
    const broken = new Blob([weights.slice(0, third), lost, weights.slice(2 * third)]);
    expect(broken.size).toBe(weights.size);
    await expect(open(model, broken)).rejects.toSatisfy(
      (thrown: PhotoglotError) =>
        thrown.code === 'storage' &&
        /^text\.fp32\.onnx_data could not be read .*fetch it anew\.$/.test(thrown.message),
    );
    await open(model, weights);
    await expectToRun();
  });

  test('says that the browser has lost the graph', async () => {
    await expect(open(await lostBlob(model), weights)).rejects.toMatchObject({ code: 'storage' });
  });
});

async function blobOf(url: string): Promise<Blob> {
  return (await fetch(url)).blob();
}
