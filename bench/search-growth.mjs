/** Photoglot alone, at growing sizes: on all threads and on one, with filters, while rows are added. */
import { rounded, spread } from './metrics.mjs';
import { filterFigures, recallOf, timeFigures } from './search-figures.mjs';
import { inProfile } from './search-profile.mjs';
import { buildVisit, memoryVisit, ownVisit } from './search-visits.mjs';

/** Shares of rows that filters let pass. */
const PERCENTS = [1, 50];
const ADDED_ROWS = 1000;

/** @typedef {import('./pages/search-rows.ts').RowSet} RowSet */
/** @typedef {Awaited<ReturnType<typeof ownVisit>>} OwnVisit */

/**
 * @param {{
 *   readonly site: string, readonly set: RowSet, readonly runs: number, readonly queries: number,
 *   readonly truth: import('./search-visits.mjs').Truth,
 * }} options
 */
export function measureGrowth({ site, set, runs, queries, truth }) {
  const task = { side: /** @type {const} */ ('Photoglot'), ...set };
  return inProfile(async (profile) => {
    const place = { site, profile };
    const name = `${String(set.rows)} × ${String(set.dimension)}`;
    console.error(`${name}: importing …`);
    const { built } = await buildVisit(place, task, { queries, limitMs: LONGEST_MS });
    if (built === null) throw new Error(`${name} was not imported within an hour.`);
    /** @type {OwnVisit[]} */
    const all = [];
    /** @type {OwnVisit[]} */
    const one = [];
    const memory = [];
    const options = { queries, percents: PERCENTS, added: ADDED_ROWS };
    for (let run = 0; run < runs; run++) {
      console.error(`${name}: run ${String(run + 1)} …`);
      all.push(await ownVisit(place, task, options));
      one.push(await ownVisit({ ...place, plain: true }, task, options));
      memory.push(await memoryVisit(place, task, queries));
    }
    return {
      ...set,
      importMs: Math.round(built.ms),
      /** What went on behind it, until the browser was at rest. */
      restMs: Math.round(built.restMs),
      importPeakMB: built.peakMB,
      diskBytes: built.usage,
      allThreads: threadFigures(all, truth),
      oneThread: threadFigures(one, truth),
      openPeakMB: spreadOf(memory.map(({ peakMB }) => peakMB)),
      settledMB: spreadOf(memory.map(({ settledMB }) => settledMB)),
    };
  });
}

/** Nothing is skipped here; this only bounds a hang. */
const LONGEST_MS = 3_600_000;

/** @typedef {Awaited<ReturnType<typeof measureGrowth>>} GrowthRow */

/** @param {readonly OwnVisit[]} visits @param {import('./search-visits.mjs').Truth} truth */
function threadFigures(visits, truth) {
  const recalls = visits.map(({ found }) => recallOf(found, truth));
  return {
    ...timeFigures(visits.map(({ ms }) => ms)),
    recall: rounded(Math.min(...recalls)),
    openMs: spread(visits.map(({ openMs }) => openMs)),
    filters: filterFigures(visits.map(({ filters }) => filters)),
    /** Of a thousand rows. */
    addMs: spread(visits.map(({ addMs }) => addMs)),
  };
}

/** @typedef {ReturnType<typeof threadFigures>} ThreadFigures */

/** @param {readonly (number | null)[]} values */
function spreadOf(values) {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? null : spread(known);
}
