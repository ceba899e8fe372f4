/** Rates of indexing, all cells in turns. */
import { callBench, gotoBench } from './browser.mjs';
import { photosFor } from './indexing-cells.mjs';
import { spread } from './metrics.mjs';
import { indexOnce, pickPhotos } from './photos.mjs';

const MOST_WARM_UP_PHOTOS = 16;
const WARM_UP_SECONDS = 2;

/** @typedef {import('./indexing-cells.mjs').Cell} Cell */
/** @typedef {import('./browser.mjs').Page} Page */
/** @typedef {import('./pages/bench-page.ts').OpenedModel} OpenedModel */

/**
 * @typedef {{
 *   readonly page: Page, readonly siteUrl: string, readonly photos: readonly string[],
 *   readonly seconds: number,
 * }} Bench files of the photos, and how long one run of a cell may take
 */

/**
 * @param {Bench} bench @param {readonly Cell[]} cells @param {number} runs
 */
export async function measureRates(bench, cells, runs) {
  /** @type {Map<Cell, { readonly opened: OpenedModel, readonly count: number, readonly rate: number }[]>} */
  const all = new Map(cells.map((cell) => [cell, []]));
  for (let run = 0; run < runs; run++) {
    // In turns, and each first as often: a busy minute of the machine then hits all of them.
    for (const cell of run % 2 === 0 ? cells : cells.toReversed()) {
      const measured = all.get(cell) ?? [];
      const { opened, perSecond } = await openWarm(bench, cell);
      // The same number in all runs of a cell.
      const count = measured[0]?.count ?? photosOf(bench, cell, perSecond);
      const rate = await indexOnce(bench.page, count);
      measured.push({ opened, count, rate });
      const { model } = cell.variant;
      const what = `${opened.imageDtype}, ${threadsText(opened)}, batch ${String(cell.batch)}`;
      console.error(`run ${String(run + 1)}: ${model}, ${what}: ${rate.toFixed(2)} photos/s`);
    }
  }
  return [...all].flatMap(([{ variant, batch }, measured]) => {
    const [first] = measured;
    if (first === undefined) return [];
    return {
      model: variant.model,
      dtype: first.opened.imageDtype,
      imageMB: variant.imageBytes / 1e6,
      threads: first.opened.threads,
      batch,
      photos: first.count,
      photosPerSecond: spread(measured.map(({ rate }) => rate)),
    };
  });
}

/**
 * Opens the model on a fresh page, and indexes until all code has run; `perSecond` is a first guess.
 * @param {Bench} bench @param {Cell} cell
 */
export async function openWarm({ page, siteUrl, photos }, { variant, assets, page: kind }) {
  await gotoBench(page, siteUrl, kind);
  await pickPhotos(page, photos);
  const opened = await callBench(page, 'open', {
    assets,
    ...(variant.dtype === null ? {} : { imageDtype: variant.dtype }),
  });
  let perSecond = await indexOnce(page, 1);
  const most = Math.min(MOST_WARM_UP_PHOTOS, photos.length);
  const more = Math.min(most, Math.floor(perSecond * WARM_UP_SECONDS));
  if (more > 1) perSecond = await indexOnce(page, more);
  return { opened, perSecond };
}

/** @param {Bench} bench @param {Cell} cell @param {number} perSecond */
export function photosOf({ photos, seconds }, { batch }, perSecond) {
  return photosFor({ perSecond, seconds, batch, most: photos.length });
}

/** @param {OpenedModel} opened */
function threadsText({ threads }) {
  return threads === 1 ? '1 thread' : `${String(threads)} threads`;
}
