/**
 * The only place that names the workers' files. `new URL` and `new Worker` stand in one
 * expression because that is the form that bundlers recognise.
 */

/** The text tower's worker; see `TextTowerContract`. */
export function spawnTextWorker(): Worker {
  return new Worker(new URL('../../workers/text.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-text',
  });
}

/** The image tower's worker; see `ImageTowerContract`. */
export function spawnImageWorker(): Worker {
  return new Worker(new URL('../../workers/image.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-image',
  });
}

/** The worker of the collections; see `StoreContract`. */
export function spawnStoreWorker(): Worker {
  return new Worker(new URL('../../workers/store.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-store',
  });
}

/** The worker of the model cache; see `DeliveryContract`. */
export function spawnDeliveryWorker(): Worker {
  return new Worker(new URL('../../workers/delivery.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-delivery',
  });
}

/** A worker that measures one backend; see `CalibrationContract`. */
export function spawnCalibrationWorker(): Worker {
  return new Worker(new URL('../../workers/calibration.worker.ts', import.meta.url), {
    type: 'module',
    name: 'photoglot-calibration',
  });
}
