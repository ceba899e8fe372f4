/** One build of ONNX Runtime by itself, with external weights in every form that it takes. */
import type * as Ort from 'onnxruntime-web/wasm';
import { padTokens } from '../../preprocess/token-batches';
import type { ArgsOf } from '../../protocol/contract-types';
import { BlobBytes } from '../blob-bytes';
import type { BuildContract, OrtBuild, WeightsForm } from './build-contract';

export class BuildRunner implements BuildContract {
  async dense({
    build,
    threads,
    url,
    form,
    tokens,
  }: ArgsOf<BuildContract['dense']>): ReturnType<BuildContract['dense']> {
    const ort = await load(build);
    ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;
    ort.env.wasm.numThreads = threads;
    const path = `${url.split('/').pop() ?? ''}_data`;
    const data = await weights(await blobOf(`${url}_data`), form);
    const session = await ort.InferenceSession.create(
      new Uint8Array(await (await blobOf(url)).arrayBuffer()),
      { executionProviders: ['wasm'], externalData: [{ path, data }] },
    );
    const { ids, mask } = padTokens([tokens], 1);
    const dims = [1, tokens.length];
    const { dense_vecs: dense } = await session.run({
      input_ids: new ort.Tensor('int64', ids, dims),
      attention_mask: new ort.Tensor('int64', mask, dims),
    });
    const vector = new Float32Array(dense?.data as Float32Array);
    return { vector, reads: data instanceof BlobBytes ? data.reads : null };
  }
}

function load(build: OrtBuild): Promise<typeof Ort> {
  switch (build) {
    case 'wasm':
      return import('onnxruntime-web/wasm');
    case 'jspi':
      return import('onnxruntime-web/jspi');
    case 'asyncify':
      return import('onnxruntime-web/webgpu');
  }
}

async function weights(blob: Blob, form: WeightsForm): Promise<Blob | Uint8Array> {
  if (form === 'blob') return blob;
  return form === 'bytes'
    ? new Uint8Array(await blob.arrayBuffer())
    : new BlobBytes(blob, 'weights');
}

async function blobOf(url: string): Promise<Blob> {
  return (await fetch(new URL(url, location.href))).blob();
}
