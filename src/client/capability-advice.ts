/** From what a device can do to plain sentences on what limits it, and what to do. */
import type { Capabilities, WebGpuCapabilities } from './capability-report';

type Report = Omit<Capabilities, 'advice'>;

const GIB = 2 ** 30;
/** Bytes that a model of full size and a few thousand photos take. */
const ROOMY = 2 * GIB;
/** GB, below which two towers of a full-size model side by side are too much. */
const MUCH_MEMORY = 8;

/** The gravest first; empty where nothing limits. */
export function adviceFor(report: Report): string[] {
  return [
    ...foundations(report),
    ...threads(report),
    ...graphics(report.webgpu),
    ...memory(report),
    ...storage(report),
  ];
}

function foundations({ secureContext, wasm, webLocks }: Report): string[] {
  const advice: string[] = [];
  if (!wasm.simd) {
    advice.push(
      'This browser has no WebAssembly SIMD, so no model runs here: use a newer browser, or allow WebAssembly in its settings.',
    );
  }
  if (!secureContext) {
    advice.push(
      'The page is not a secure context, so models cannot be verified, and there are no threads, no WebGPU and no lasting storage: serve it over https (or from localhost).',
    );
  } else if (!webLocks) {
    advice.push(
      'This browser has no Web Locks, so a worker that dies silently and a load that crashed the page go unnoticed: use a newer browser.',
    );
  }
  return advice;
}

function threads({ secureContext, crossOriginIsolated, threads, cores }: Report): string[] {
  if (threads.available || !secureContext) return [];
  if (!crossOriginIsolated) {
    return [
      `The page is not cross-origin isolated, so WebAssembly runs on one thread${ofCores(cores)}: serve the page with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp".`,
    ];
  }
  return ['This browser has no shared memory, so WebAssembly runs on one thread.'];
}

function ofCores(cores: number | null): string {
  return cores === null ? '' : ` of ${cores}`;
}

function graphics(webgpu: WebGpuCapabilities | null): string[] {
  if (webgpu === null) {
    return [
      'There is no WebGPU here, so models run on the processor, with device "wasm": use a browser with WebGPU and hardware acceleration switched on, if there is a graphics card.',
    ];
  }
  if (webgpu.isFallback) {
    return [
      'WebGPU is computed on the processor here, slower than WebAssembly: use device "wasm", or switch on hardware acceleration.',
    ];
  }
  const advice: string[] = [];
  if (!webgpu.features.includes('shader-f16')) {
    advice.push(
      'The graphics card has no shader-f16, so fp16 variants cannot run on it: models take another number format, which the manifest has to offer.',
    );
  }
  const largest = Math.min(webgpu.limits.maxBufferSize, webgpu.limits.maxStorageBufferBindingSize);
  if (largest < GIB) {
    advice.push(
      `No tensor on the graphics card may be larger than ${amount(largest)}: a model whose largest weight is above that needs a smaller number format, or device "wasm".`,
    );
  }
  return advice;
}

function memory({ memory }: Report): string[] {
  if (memory === null || memory >= MUCH_MEMORY) return [];
  return [
    `This device has about ${memory} GB of memory: load large models with memory: "low" or in a smaller dtype, and name a smaller one as fallback.`,
  ];
}

function storage({ storage, secureContext }: Report): string[] {
  const { indexedDb, quota, usage, persisted } = storage;
  if (!indexedDb) {
    return [
      'Nothing can be stored here, so each visit downloads the model anew and there are no collections: leave the private window, or allow the site to store data.',
    ];
  }
  const advice: string[] = [];
  const free = quota === null || usage === null ? null : Math.max(0, quota - usage);
  if (free !== null && free < ROOMY) {
    advice.push(
      `Only ${amount(free)} of storage are free for this site: delete models that are not needed, or free space on the disk, before loading a large one.`,
    );
  }
  if (persisted === false && secureContext) {
    advice.push(
      'The browser may evict models and collections when space runs short: ask it not to with navigator.storage.persist().',
    );
  }
  return advice;
}

/** Bytes in words: `900 MB`, `1.5 GB`. */
function amount(bytes: number): string {
  if (bytes >= 1e9) return `${String(Math.round(bytes / 1e8) / 10)} GB`;
  return `${String(Math.round(bytes / 1e6))} MB`;
}
