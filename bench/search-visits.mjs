/** Visits of the search page, each in a browser started for it, on a profile on the disk. */
import { logPage } from './browser.mjs';
import { canMeasureMemory } from './memory.mjs';
import { megabytesAbove, openProfile, withPeak } from './profile-browser.mjs';
import { restingMemory } from './resting-memory.mjs';
import { restingProcessor } from './resting-processor.mjs';

/** @typedef {import('./pages/search-page.ts').Built} Built */
/** @typedef {import('./pages/search-page.ts').SearchPage} SearchPage */
/** @typedef {import('./pages/search-page.ts').SearchTask} SearchTask */
/** @typedef {import('./pages/search-page.ts').Timed} Timed */
/** @typedef {import('./pages/search-page.ts').Truth} Truth */

/**
 * `plain`: a page that is not cross-origin isolated, so that nothing on it has threads.
 * @typedef {{ readonly site: string, readonly profile: string, readonly plain?: boolean }} Place
 * @typedef {{
 *   readonly root: number, readonly restingBytes: () => Promise<number | null>,
 *   readonly call: <Name extends keyof SearchPage>(
 *     name: Name, ...argument: Parameters<SearchPage[Name]>
 *   ) => Promise<Awaited<ReturnType<SearchPage[Name]>>>,
 * }} OpenPage `restingBytes` is null where memory cannot be measured
 */

/** @param {Place} place @param {import('./pages/search-page.ts').TruthRequest} request */
export function truthVisit(place, request) {
  return onSearchPage(place, ({ call }) => call('truth', request));
}

/**
 * Builds the index, and asks it where it is; gives null for its figures when building takes longer than
 * `limitMs`, and then the rows that it had.
 * @param {Place} place @param {SearchTask} task
 * @param {{ readonly queries: number, readonly limitMs: number }} options
 */
export function buildVisit(place, task, { queries, limitMs }) {
  return onSearchPage(place, async ({ call, root, restingBytes }) => {
    await call('prepare', task);
    const idle = await restingBytes();
    const { result: built, peak } = await withPeak(root, () =>
      within(limitMs, call('build', task)),
    );
    if (built === null) return { rows: await call('built'), built };
    // What goes on behind the import is part of it for who closes the tab.
    const restMs = await restingProcessor(root);
    const timed = await call('time', { queries });
    const here = { ...timed, settledMB: megabytesAbove(await restingBytes(), idle) };
    const usage = await call('usage');
    const peakMB = megabytesAbove(peak, idle);
    return { rows: task.rows, built: { ...built, restMs, peakMB, usage }, here };
  });
}

/**
 * Times with nobody sampling, from what is on the disk.
 * @param {Place} place @param {SearchTask} task @param {number} queries
 */
export function timedVisit(place, task, queries) {
  return onSearchPage(place, async ({ call, root }) => {
    await call('prepare', task);
    await restingProcessor(root);
    const openMs = await call('open', task);
    await restingProcessor(root);
    return { openMs, ...(await call('time', { queries })) };
  });
}

/**
 * Likewise, with what only a collection does.
 * @param {Place} place @param {SearchTask} task
 * @param {{ readonly queries: number, readonly percents: readonly number[], readonly added: number }} options
 */
export function ownVisit(place, task, { queries, percents, added }) {
  return onSearchPage(place, async ({ call, root }) => {
    await call('prepare', task);
    await restingProcessor(root);
    const openMs = await call('open', task);
    await restingProcessor(root);
    const timed = await call('time', { queries });
    const filters = await call('timeFilters', { queries, percents });
    const addMs = await call('addRows', { count: added });
    // What was added is deleted again, and that may go on behind it.
    await restingProcessor(root);
    return { openMs, ...timed, filters, addMs };
  });
}

/**
 * Megabytes above the same page without an index: the most while it is opened and asked, and what stays;
 * null where that cannot be measured.
 * @param {Place} place @param {SearchTask} task @param {number} queries
 */
export function memoryVisit(place, task, queries) {
  return onSearchPage(place, async ({ call, root, restingBytes }) => {
    await call('prepare', task);
    const idle = await restingBytes();
    const { peak } = await withPeak(root, async () => {
      await call('open', task);
      await call('time', { queries });
    });
    const settled = await restingBytes();
    return { peakMB: megabytesAbove(peak, idle), settledMB: megabytesAbove(settled, idle) };
  });
}

/**
 * Memory when nothing happens, and the page has no garbage; null where it cannot be measured.
 * @param {import('playwright').Page} page @param {number} root
 */
async function settledBytes(page, root) {
  if (!canMeasureMemory) return null;
  await page.requestGC();
  await restingProcessor(root);
  return restingMemory(root);
}

/**
 * What a call gives, or null after so many milliseconds.
 * @template T @param {number} limitMs @param {Promise<T>} call @returns {Promise<T | null>}
 */
async function within(limitMs, call) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((/** @type {(late: null) => void} */ resolve) => {
    timer = setTimeout(resolve, limitMs, null);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
    // The browser is closed while it is under way.
    call.catch(() => undefined);
  }
}

/** @template T @param {Place} place @param {(page: OpenPage) => Promise<T>} work */
async function onSearchPage({ profile, site, plain = false }, work) {
  const { page, root, close } = await openProfile(profile);
  try {
    logPage(page);
    await page.goto(new URL(plain ? 'plain/search.html' : 'search.html', site).href);
    await page.waitForFunction(() => window.search !== undefined);
    const isolated = await page.evaluate(() => window.crossOriginIsolated);
    if (isolated === plain) throw new Error('The search page has the wrong isolation.');
    return await work({
      root,
      call: caller(page),
      restingBytes: () => settledBytes(page, root),
    });
  } finally {
    await close();
  }
}

/** @param {import('playwright').Page} page @returns {OpenPage['call']} */
function caller(page) {
  return (name, ...[argument]) => {
    const call = /** @type {{ name: keyof SearchPage, argument: unknown }} */ ({ name, argument });
    const result = page.evaluate(async ({ name, argument }) => {
      const { search } = window;
      if (search === undefined) throw new Error('The page is not ready.');
      const method = /** @type {(argument: unknown) => unknown} */ (search[name]);
      return method(argument);
    }, call);
    return /** @type {Promise<Awaited<ReturnType<SearchPage[typeof name]>>>} */ (result);
  };
}
