/** The only place that names the file of the preparing workers; see `src/client/spawn.ts`. */
export function spawnPreparingWorker(): Worker {
  return new Worker(new URL('../../workers/preparing.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-preparing',
  });
}
