/** The only place that names the file of the encoder's threads; see `src/client/spawn.ts`. */
export function spawnKernelWorker(): Worker {
  return new Worker(new URL('../../../workers/kernel.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-kernel',
  });
}
