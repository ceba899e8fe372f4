/** All sides at one size: each builds its index, is opened anew, asked, and watched. */
import { recallOf, sideFigures } from './search-figures.mjs';
import { inProfile } from './search-profile.mjs';
import { buildVisit, memoryVisit, timedVisit } from './search-visits.mjs';

/** Ours is first: the others are set against it. */
export const SIDES = /** @type {const} */ ([
  'Photoglot',
  'hnswlib-wasm',
  'voy-search',
  '@orama/orama',
  'plain loop',
]);

/** What takes longer to build is of no use to a page. */
const BUILD_LIMIT_MS = 300_000;
/** What takes longer is not built again for each run. */
const LONG_BUILD_MS = 60_000;

/** @typedef {import('./search-figures.mjs').SideRun} SideRun */
/** @typedef {import('./search-visits.mjs').SearchTask} SearchTask */
/** @typedef {import('./pages/search-rows.ts').RowSet} RowSet */

/**
 * @param {{
 *   readonly site: string, readonly set: RowSet, readonly runs: number, readonly queries: number,
 *   readonly truth: import('./search-visits.mjs').Truth,
 * }} options
 */
export async function compareSides({ site, set, runs, queries, truth }) {
  const sides = [];
  for (const side of SIDES) {
    const { rows, dimension } = set;
    console.error(`${String(rows)} × ${String(dimension)}, ${side} …`);
    const result = await measureSide({ site, task: { side, ...set }, runs, queries, truth });
    sides.push({ side, ...result });
  }
  return { ...set, sides };
}

/** @typedef {Awaited<ReturnType<typeof compareSides>>} Comparison */

/**
 * @typedef {{
 *   readonly site: string, readonly task: SearchTask, readonly queries: number,
 *   readonly truth: import('./search-visits.mjs').Truth,
 * }} Measured
 */

/** @param {Measured & { readonly runs: number }} options */
async function measureSide({ runs, ...measured }) {
  /** @type {SideRun[]} */
  const done = [];
  for (;;) {
    const most = runs - done.length;
    const result = await inProfile((profile) => runsIn(profile, measured, most));
    if (result.skipped !== null) return { ...NOTHING, skipped: result.skipped };
    done.push(...result.runs);
    if (result.long || done.length >= runs) {
      const { keepFailure, restMs, usage } = result;
      return { skipped: null, keepFailure, restMs, usage, figures: sideFigures(done) };
    }
  }
}

const NOTHING = { keepFailure: null, restMs: null, usage: null, figures: null };

/**
 * Builds once, and opens and asks once, or as often as is wanted if building takes long.
 * @param {string} profile @param {Measured} measured @param {number} most runs
 */
async function runsIn(profile, { site, task, queries, truth }, most) {
  const place = { site, profile };
  const visit = await buildVisit(place, task, { queries, limitMs: BUILD_LIMIT_MS }).catch(
    (/** @type {unknown} */ thrown) => failedPeer(task, thrown),
  );
  if (typeof visit === 'string') return { ...NO_RUNS, skipped: visit };
  const { built, here } = visit;
  if (built === null) {
    const had = `${String(visit.rows)} of ${String(task.rows)} rows`;
    return { ...NO_RUNS, skipped: `not built within 5 minutes: ${had}` };
  }
  const long = built.ms > LONG_BUILD_MS;
  const { ms: buildMs, saveMs, peakMB: buildPeakMB, restMs, usage } = built;
  const figures = { buildMs, saveMs, buildPeakMB };
  const inPlace = {
    ...figures,
    openMs: null,
    openPeakMB: null,
    ms: here.ms,
    recall: recallOf(here.found, truth),
    settledMB: here.settledMB,
  };
  /** @type {SideRun[]} */
  const runs = [];
  let keepFailure = built.saveFailure;
  while (keepFailure === null && runs.length < (long ? most : 1)) {
    const opened = await openedRun(place, task, queries).catch((/** @type {unknown} */ thrown) =>
      failedPeer(task, thrown),
    );
    if (typeof opened === 'string') keepFailure = opened;
    else {
      const { found, ...run } = opened;
      runs.push({ ...figures, ...run, recall: recallOf(found, truth) });
    }
  }
  if (runs.length === 0) runs.push(inPlace);
  return { skipped: null, runs, long, keepFailure, restMs, usage };
}

const NO_RUNS = { runs: [], long: true, keepFailure: null, restMs: null, usage: null };

/** @param {import('./search-visits.mjs').Place} place @param {SearchTask} task @param {number} queries */
async function openedRun(place, task, queries) {
  const { openMs, ms, found } = await timedVisit(place, task, queries);
  const { peakMB: openPeakMB, settledMB } = await memoryVisit(place, task, queries);
  return { openMs, ms, found, openPeakMB, settledMB };
}

/** A peer may fail, and the others are measured all the same. @param {SearchTask} task @param {unknown} thrown */
function failedPeer({ side }, thrown) {
  if (side === 'Photoglot') throw thrown;
  const [first = ''] = String(thrown).split('\n');
  const line = first.replace('page.evaluate: ', '');
  console.error(`${side}: ${line}`);
  return line;
}
