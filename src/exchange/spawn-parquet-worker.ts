/** The only place that names the file of the worker that unpacks Parquet; see `src/client/spawn.ts`. */
export function spawnParquetWorker(): Worker {
  return new Worker(new URL('../../workers/parquet.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-parquet',
  });
}
