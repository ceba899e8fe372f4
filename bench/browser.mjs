/** Opens the bench page in Chromium and calls what it offers. */
import { chromium } from 'playwright';
import { browserLaunch } from '../scripts/browser-launch.mjs';

/** @typedef {import('./pages/bench-page.ts').BenchPage} BenchPage */
/** @typedef {import('playwright').Page} Page */

/** Launches a browser of its own, with nothing cached. */
export async function openBrowser() {
  const browser = await chromium.launch(browserLaunch());
  const page = await (await browser.newContext()).newPage();
  logPage(page);
  return {
    page,
    version: browser.version(),
    /** Of the browser process, which all others are below. */
    processId: async () => {
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const found = processInfo.find(({ type }) => type === 'browser');
      if (found === undefined) throw new Error('Chromium does not tell its process.');
      return found.id;
    },
    close: () => browser.close(),
  };
}

/**
 * Goes to the bench page of a site, or starts it anew.
 * @param {Page} page @param {string} siteUrl
 * @param {'isolated' | 'plain'} [kind] a plain page has no threads; the site needs `PLAIN_PAGES`
 */
export async function gotoBench(page, siteUrl, kind = 'isolated') {
  await page.goto(new URL(kind === 'plain' ? 'plain/bench.html' : 'bench.html', siteUrl).href);
  await page.waitForFunction(() => window.bench !== undefined);
  const isolated = await page.evaluate(() => window.crossOriginIsolated);
  if (isolated !== (kind === 'isolated')) {
    throw new Error(`The bench page is ${isolated ? '' : 'not '}cross-origin isolated.`);
  }
}

/**
 * Calls one function of the bench page.
 * @template {keyof BenchPage} Name
 * @param {Page} page @param {Name} name @param {Parameters<BenchPage[Name]>[0]} argument
 * @returns {Promise<Awaited<ReturnType<BenchPage[Name]>>>}
 */
export async function callBench(page, name, argument) {
  const call = { name, argument };
  const result = await page.evaluate(async ({ name, argument }) => {
    const { bench } = window;
    if (bench === undefined) throw new Error('The bench page is gone.');
    const method = /** @type {(argument: unknown) => Promise<unknown>} */ (bench[name]);
    return method(argument);
  }, /** @type {{ name: Name, argument: unknown }} */ (call));
  return /** @type {Awaited<ReturnType<BenchPage[Name]>>} */ (result);
}

/** What goes wrong in the page goes to stderr. @param {Page} page */
export function logPage(page) {
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`);
  });
}
