/** `npm run bench:search`: searches of Photoglot beside those of others, and from 10,000 to 1,000,000 rows. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { openBrowser } from './browser.mjs';
import { readOptions, runMain, UsageError } from './options.mjs';
import { installPeers, versionsOf } from './peers.mjs';
import { compareSides, SIDES } from './search-comparison.mjs';
import { ratios } from './search-figures.mjs';
import { measureGrowth } from './search-growth.mjs';
import { printSearch } from './search-print.mjs';
import { inProfile } from './search-profile.mjs';
import { openSearchSite } from './search-site.mjs';
import { truthVisit } from './search-visits.mjs';

const COMPARED_DIMENSION = 512;
const GROWTH_DIMENSION = 1024;
/** Leaves a part out. */
const NONE = 'none';

const OPTIONS = /** @type {const} */ ({
  compare: { value: 'ROWS,ROWS,…', default: '10000,100000' },
  growth: { value: 'ROWS,ROWS,…', default: '10000,30000,100000,300000,1000000' },
  queries: { value: 'N', kind: 'count', default: '100' },
  runs: { value: 'N', kind: 'count', default: '3' },
  noise: { value: '1' },
  out: { value: 'FILE' },
});

await runMain(async () => {
  const { values, json } = readOptions('npm run bench:search --', OPTIONS, process.argv.slice(2));
  const report = await measure({
    compare: sizesOf('compare', values['compare'] ?? ''),
    growth: sizesOf('growth', values['growth'] ?? ''),
    queries: Number(values['queries']),
    runs: Number(values['runs']),
    noise: values['noise'] !== undefined,
  });
  if (values['out'] !== undefined) await writeFile(values['out'], JSON.stringify(report, null, 2));
  if (json) console.log(JSON.stringify(report));
  else printSearch(report);
});

/** @param {string} option @param {string} text */
function sizesOf(option, text) {
  if (text === NONE) return [];
  const sizes = text.split(',').map(Number);
  if (sizes.every((size) => Number.isInteger(size) && size > 0)) return sizes;
  throw new UsageError(`--${option} must be numbers of rows, or ${NONE}; got ${text}.`);
}

/**
 * @param {{
 *   readonly compare: readonly number[], readonly growth: readonly number[],
 *   readonly queries: number, readonly runs: number, readonly noise: boolean,
 * }} wanted
 */
async function measure({ compare, growth, queries, runs, noise }) {
  if (compare.length > 0) installPeers();
  const site = await openSearchSite([COMPARED_DIMENSION, GROWTH_DIMENSION]);
  const common = { site: site.url, queries, runs, noise };
  try {
    const comparisons = await measureSizes(compare, COMPARED_DIMENSION, common, compareSides);
    return {
      machine: {
        cpu: cpus()[0]?.model ?? 'unknown',
        threads: cpus().length,
        browser: await browserVersion(),
      },
      peers: versionsOf(SIDES),
      queries,
      noise,
      comparisons: comparisons.map(withRatios),
      growth: await measureSizes(growth, GROWTH_DIMENSION, common, measureGrowth),
    };
  } finally {
    await site.close();
  }
}

async function browserVersion() {
  const { version, close } = await openBrowser();
  await close();
  return version;
}

/**
 * Measures each size against its exact answers.
 * @template T
 * @param {readonly number[]} sizes @param {number} dimension
 * @param {{
 *   readonly site: string, readonly queries: number, readonly runs: number, readonly noise: boolean,
 * }} common
 * @param {(options: {
 *   readonly site: string, readonly set: import('./pages/search-rows.ts').RowSet,
 *   readonly runs: number, readonly queries: number,
 *   readonly truth: import('./search-visits.mjs').Truth,
 * }) => Promise<T>} work
 */
async function measureSizes(sizes, dimension, { site, queries, runs, noise }, work) {
  if (sizes.length === 0) return [];
  console.error('exact answers …');
  const request = { sizes, dimension, noise, queries };
  const truths = await inProfile((profile) => truthVisit({ site, profile }, request));
  const results = [];
  for (const truth of truths) {
    const set = { rows: truth.rows, dimension, noise };
    results.push(await work({ site, set, runs, queries, truth }));
  }
  return results;
}

/** Each peer's figures over ours. @param {import('./search-comparison.mjs').Comparison} comparison */
function withRatios({ sides, ...set }) {
  const ours = sides[0]?.figures ?? null;
  return {
    ...set,
    sides: sides.map(({ figures, ...side }, index) => {
      const known = index > 0 && ours !== null && figures !== null;
      return { ...side, figures, ratios: known ? ratios(ours, figures) : null };
    }),
  };
}

/** @typedef {Awaited<ReturnType<typeof measure>>} SearchReport */
