/** The only place that names the file of the scan's helpers; see `src/client/spawn.ts`. */
export function spawnScanWorker(): Worker {
  return new Worker(new URL('../../../workers/scan.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-scan',
  });
}
