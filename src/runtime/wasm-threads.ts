/** More hardly helps so small models, and other tabs want to live. */
const MOST_THREADS = 4;

/** WASM threads of a tower that gains by them. */
export function wasmThreads(): number {
  // Shared memory, which threads need, is there only when the page is cross-origin isolated.
  return crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
}
