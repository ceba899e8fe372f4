/** What `bench:indexing` sweeps: models, batch sizes, with and without threads. */

/** @typedef {import('./image-variants.mjs').ImageVariant} ImageVariant */

/**
 * One image tower at one batch size on one kind of page, under an assets folder of its own.
 * @typedef {{
 *   readonly variant: ImageVariant, readonly batch: number, readonly page: 'isolated' | 'plain',
 *   readonly assets: string,
 * }} Cell
 */

/**
 * @param {readonly ImageVariant[]} variants @param {readonly number[]} batches
 * @returns {readonly Cell[]}
 */
export function sweepCells(variants, batches) {
  return variants.flatMap((variant) =>
    batches.flatMap((batch) =>
      /** @type {const} */ (['plain', 'isolated']).map((page) => cellOf(variant, batch, page)),
    ),
  );
}

/**
 * As the model says, on as many threads as the SDK takes.
 * @param {ImageVariant} variant @returns {Cell}
 */
export function ownCell(variant) {
  return cellOf(variant, variant.manifest.image.batch, 'isolated');
}

/**
 * Cells of the same model and batch share a folder, whatever their number format: the files are
 * then downloaded once.
 * @param {ImageVariant} variant @param {number} batch @param {Cell['page']} page
 * @returns {Cell}
 */
function cellOf(variant, batch, page) {
  return { variant, batch, page, assets: `${variant.path}-batch-${String(batch)}/` };
}

/**
 * How many photos a run has: as many as take the time, in whole batches, and two batches at least,
 * which is what one call has.
 * @param {{
 *   readonly perSecond: number, readonly seconds: number, readonly batch: number,
 *   readonly most: number,
 * }} plan `perSecond` is a guess, `most` how many there are
 */
export function photosFor({ perSecond, seconds, batch, most }) {
  const batches = Math.max(2, Math.ceil((perSecond * seconds) / batch));
  return Math.min(batches * batch, most);
}
