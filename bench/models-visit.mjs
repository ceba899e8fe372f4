/** Visits of the models page, each in a browser started for it, on one profile. */
import { canMeasureMemory } from './memory.mjs';
import { cosine } from './models-figures.mjs';
import { megabytesAbove, openProfile, withPeak } from './profile-browser.mjs';
import { restingMemory } from './resting-memory.mjs';

/** A disk or a machine may be slow; this only bounds a hang. */
const LONGEST_MS = 600_000;
/** The same code on the same numbers. */
const REPEATABLE = 0.9999;

/** @typedef {import('./pages/models-page.ts').EncoderRequest} EncoderRequest */
/** @typedef {import('./pages/models-page.ts').ModelsPage} ModelsPage */
/** @typedef {import('playwright').Page} Page */

/** @typedef {{ readonly query: readonly number[], readonly passage: readonly number[] }} Vectors */

/**
 * @typedef {{
 *   readonly warmUp: readonly string[], readonly queries: readonly string[],
 *   readonly passages: readonly string[],
 * }} Texts what is timed; the first query is checked, and the passage, which is the same each time
 */

/** @typedef {{ readonly profile: string, readonly site: string, readonly request: EncoderRequest }} Visit */

/**
 * What each side brings, runs and gives, from nothing.
 * @param {Visit & { readonly texts: Texts, readonly sent: () => number }} visit
 */
export async function firstVisit({ texts, sent, ...visit }) {
  const [query, passage] = checkedTexts(texts);
  const before = sent();
  return onPage(visit, async ({ call, version }) => {
    const { threads } = await call('open', { request: visit.request, text: query });
    const bytes = sent() - before;
    const short = await call('check', query);
    const long = await call('check', passage);
    return {
      browser: version,
      threads,
      bytes,
      tokens: { query: short.tokens, passage: long.tokens },
      vectors: { query: short.vector, passage: long.vector },
    };
  });
}

/**
 * Times, with nobody sampling. Throws when the vectors are not those of the first visit.
 * @param {Visit & { readonly texts: Texts, readonly expected: Vectors }} visit
 */
export async function timedVisit({ texts, expected, ...visit }) {
  const [query] = checkedTexts(texts);
  return onPage(visit, async ({ call }) => {
    const { ms: readyMs } = await call('open', { request: visit.request, text: query });
    await call('time', texts.warmUp);
    const queries = await call('time', texts.queries);
    expectEqual((await call('time', [query])).vector, expected.query);
    const passages = await call('time', texts.passages);
    expectEqual(passages.vector, expected.passage);
    return { readyMs, queryMs: queries.ms, passageMs: passages.ms };
  });
}

/**
 * Megabytes above the empty page of the same browser; null where that cannot be measured.
 * @param {Visit & { readonly texts: Texts }} visit
 */
export async function memoryVisit({ texts, ...visit }) {
  if (!canMeasureMemory) return { peakMB: null, settledMB: null };
  const [query, passage] = checkedTexts(texts);
  return onPage(visit, async ({ call, root, empty }) => {
    const { peak } = await withPeak(root, async () => {
      await call('open', { request: visit.request, text: query });
      await call('time', [passage]);
    });
    return {
      peakMB: megabytesAbove(peak, empty),
      settledMB: megabytesAbove(await restingMemory(root), empty),
    };
  });
}

/**
 * One text of many tokens, which may be too much: then `failure` says how it ended.
 * @param {Visit & { readonly text: string, readonly query: string }} visit
 */
export async function longVisit({ text, query, ...visit }) {
  return onPage(visit, async ({ call, root, empty }) => {
    await call('open', { request: visit.request, text: query });
    const { result, peak } = await withPeak(root, () =>
      call('time', [text]).catch((/** @type {unknown} */ thrown) => String(thrown)),
    );
    const peakMB = megabytesAbove(peak, empty);
    return typeof result === 'string'
      ? { ms: null, failure: result.split('\n')[0] ?? '', peakMB }
      : { ms: Math.round(result.ms[0] ?? NaN), failure: null, peakMB };
  });
}

/**
 * @typedef {{
 *   readonly root: number, readonly version: string, readonly empty: number | null,
 *   readonly call: <Name extends keyof ModelsPage>(
 *     name: Name, argument: Parameters<ModelsPage[Name]>[0],
 *   ) => Promise<Awaited<ReturnType<ModelsPage[Name]>>>,
 * }} OpenPage `empty` is the memory of the empty page, in bytes
 */

/**
 * @template T
 * @param {Visit} visit @param {(page: OpenPage) => Promise<T>} work
 */
async function onPage({ profile, site }, work) {
  const { page, root, version, close } = await openProfile(profile);
  try {
    page.setDefaultTimeout(LONGEST_MS);
    await page.goto(new URL('empty.html', site).href);
    const empty = canMeasureMemory ? await restingMemory(root) : null;
    await page.goto(new URL('models.html', site).href);
    await page.waitForFunction(() => window.models !== undefined);
    const isolated = await page.evaluate(() => window.crossOriginIsolated);
    if (!isolated) throw new Error('The models page is not cross-origin isolated.');
    return await work({ root, version, empty, call: caller(page) });
  } finally {
    await close();
  }
}

/** @param {Page} page @returns {OpenPage['call']} */
function caller(page) {
  return (name, argument) => {
    const call = /** @type {{ name: keyof ModelsPage, argument: unknown }} */ ({ name, argument });
    const result = page.evaluate(async ({ name, argument }) => {
      const { models } = window;
      if (models === undefined) throw new Error('The page is not ready.');
      const method = /** @type {(argument: unknown) => Promise<unknown>} */ (models[name]);
      return method(argument);
    }, call);
    return /** @type {Promise<Awaited<ReturnType<ModelsPage[typeof name]>>>} */ (result);
  };
}

/** @param {Texts} texts @returns {readonly [string, string]} */
function checkedTexts({ queries: [query], passages: [passage] }) {
  if (query === undefined || passage === undefined) throw new Error('There is nothing to encode.');
  return [query, passage];
}

/** @param {readonly number[]} got @param {readonly number[]} expected */
function expectEqual(got, expected) {
  const similarity = cosine(got, expected);
  if (similarity >= REPEATABLE) return;
  throw new Error(`An encoder contradicts itself: cosine ${similarity.toFixed(5)}.`);
}
