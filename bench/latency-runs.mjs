/** Runs of the latency bench: models in turns, each time on a page of its own. */
import { join } from 'node:path';
import { callBench, gotoBench } from './browser.mjs';
import { pickPhotos } from './photos.mjs';
import { readTextMaker } from './token-texts.mjs';

export const QUERY_TOKENS = 12;
export const QUERIES = 40;
/** Start to start: about as often as somebody searches who types without a pause. */
export const EVERY_MS = 250;
/** In the collection that is searched. */
export const VECTORS = 5000;
const ALONE_MS = 8000;
/** They last for minutes, which the two phases do not take. */
const REPEATED_PHOTOS = 2000;

/** @typedef {import('./indexing-cells.mjs').Cell} Cell */
/** @typedef {import('./latency-figures.mjs').LatencyRun} LatencyRun */
/** @typedef {import('./pages/bench-page.ts').OpenedModel} OpenedModel */

/**
 * @typedef {{
 *   readonly page: import('./browser.mjs').Page, readonly siteUrl: string,
 *   readonly photos: readonly string[],
 * }} Bench files of the photos
 */

/**
 * @param {Bench} bench @param {readonly Cell[]} cells @param {number} runs
 */
export async function measureLatency(bench, cells, runs) {
  /** @type {Map<Cell, { readonly opened: OpenedModel, readonly run: LatencyRun }[]>} */
  const all = new Map(cells.map((cell) => [cell, []]));
  for (let run = 0; run < runs; run++) {
    // In turns, and each first as often: a busy minute of the machine then hits all of them.
    for (const cell of run % 2 === 0 ? cells : cells.toReversed()) {
      console.error(`run ${String(run + 1)}: ${cell.variant.model} …`);
      all.get(cell)?.push(await measureOnce(bench, cell));
    }
  }
  return [...all].flatMap(([{ variant }, measured]) => {
    const [first] = measured;
    if (first === undefined) return [];
    return { model: variant.model, opened: first.opened, runs: measured.map(({ run }) => run) };
  });
}

/** @param {Bench} bench @param {Cell} cell */
async function measureOnce({ page, siteUrl, photos }, { variant, assets }) {
  const { folder, manifest, dtype } = variant;
  const { make } = await readTextMaker(join(folder, manifest.text.tokenizer));
  const texts = make(QUERY_TOKENS, QUERIES);
  await gotoBench(page, siteUrl);
  await pickPhotos(page, photos);
  const opened = await callBench(page, 'open', {
    assets,
    ...(dtype === null ? {} : { imageDtype: dtype }),
  });
  await callBench(page, 'addVectors', { count: VECTORS });
  const paced = { texts, everyMs: EVERY_MS };
  const rest = await callBench(page, 'timePaced', paced);
  const beside = { ...paced, photos: REPEATED_PHOTOS, aloneMs: ALONE_MS };
  const indexing = await callBench(page, 'timeBesideIndexing', beside);
  return { opened, run: { rest, indexing } };
}
