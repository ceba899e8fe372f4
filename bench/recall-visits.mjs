/** Visits of the recall page, each in a browser started for it, on a profile on the disk. */
import { logPage } from './browser.mjs';
import { openProfile } from './profile-browser.mjs';
import { restingProcessor } from './resting-processor.mjs';

/** @typedef {import('./pages/recall-page.ts').RecallPage} RecallPage */

/**
 * @typedef {<Name extends keyof RecallPage>(
 *   name: Name, argument: Parameters<RecallPage[Name]>[0],
 * ) => Promise<Awaited<ReturnType<RecallPage[Name]>>>} RecallCall
 */

/**
 * @template T
 * @param {{ readonly profile: string, readonly site: string }} place
 * @param {(page: {
 *   readonly call: RecallCall, readonly version: string, readonly rest: () => Promise<unknown>,
 * }) => Promise<T>} work `rest` waits until the browser has nothing left to do
 */
export async function onRecallPage({ profile, site }, work) {
  const { page, root, version, close } = await openProfile(profile);
  try {
    logPage(page);
    await page.goto(new URL('recall.html', site).href);
    await page.waitForFunction(() => window.recall !== undefined);
    return await work({ call: caller(page), version, rest: () => restingProcessor(root) });
  } finally {
    await close();
  }
}

/** @param {import('playwright').Page} page @returns {RecallCall} */
function caller(page) {
  return (name, argument) => {
    const call = /** @type {{ name: keyof RecallPage, argument: unknown }} */ ({ name, argument });
    const result = page.evaluate(async ({ name, argument }) => {
      const { recall } = window;
      if (recall === undefined) throw new Error('The page is not ready.');
      const method = /** @type {(argument: unknown) => Promise<unknown>} */ (recall[name]);
      return method(argument);
    }, call);
    return /** @type {Promise<Awaited<ReturnType<RecallPage[typeof name]>>>} */ (result);
  };
}
