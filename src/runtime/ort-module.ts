/** onnxruntime-web, set up once per worker. */
import type * as Ort from 'onnxruntime-web/wasm';
import type { Backend } from '../models/manifest';
import { requireWebGpu } from './require-web-gpu';

/** What the sessions use of it. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>;

export interface OrtSetup {
  readonly provider: Backend;
  /** Absolute URL of the folder with ORT's wasm and mjs files, ending in `/`. */
  readonly ortUrl: string;
  /** Of the one pool that all sessions of this worker share; fixed at the first session. */
  readonly threads: number;
}

/** Loads the build that serves the provider; a larger one for WebGPU only when it is asked for. */
export async function loadOrt({ provider, ortUrl, threads }: OrtSetup): Promise<OrtModule> {
  if (provider === 'webgpu') await requireWebGpu();
  const ort = await importBuild(provider);
  // Never from a CDN, which is what it would do by itself.
  ort.env.wasm.wasmPaths = ortUrl;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return ort;
}

function importBuild(provider: Backend): Promise<typeof Ort> {
  if (provider === 'wasm') return import('onnxruntime-web/wasm');
  // WebAssembly that can wait for promises (JSPI) saves ten megabytes of code made to do without.
  return hasJspi() ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}

function hasJspi(): boolean {
  return 'Suspending' in WebAssembly;
}
