/** One tab with the page of the fault matrix. */

/** @typedef {import('../pages/faults-page.ts').FaultsPage} FaultsPage */
/** @typedef {import('../pages/faults-page.ts').FaultRequest} FaultRequest */
/** @typedef {import('../pages/faults-page.ts').FaultOutcome} FaultOutcome */
/** @typedef {ReturnType<FaultsPage['progress']>[number]} Report */

/** Longer than any download here takes. */
const LONGEST_MS = 240_000;

export class FaultTab {
  /** @param {import('playwright').Page} page @param {string} url */
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  async open() {
    await this.page.goto(this.url);
    await this.page.waitForFunction(() => window.faults !== undefined);
    return this;
  }

  /**
   * Calls one function of the page.
   * @template {keyof FaultsPage} Name
   * @param {Name} name @param {Parameters<FaultsPage[Name]>} args
   * @returns {Promise<Awaited<ReturnType<FaultsPage[Name]>>>}
   */
  async call(name, ...args) {
    const result = await this.page.evaluate(async ({ name, args }) => {
      if (window.faults === undefined) throw new Error('The page is gone.');
      const method = /** @type {(...args: unknown[]) => unknown} */ (window.faults[name]);
      return method(...args);
    }, /** @type {{ name: Name, args: unknown[] }} */ ({ name, args }));
    return /** @type {Awaited<ReturnType<FaultsPage[Name]>>} */ (result);
  }

  /** @param {FaultRequest} request */
  download(request) {
    return this.call('download', request);
  }

  /** Starts a download whose tab is not going to live to see its end. @param {FaultRequest} request */
  start(request) {
    this.download(request).catch(() => undefined);
  }

  /** Resolves when a report of that state has told so many bytes. @param {Report} least */
  async reported(least) {
    await this.page.waitForFunction(
      ({ state, loaded }) =>
        window.faults
          ?.progress()
          .some((report) => report.state === state && report.loaded >= loaded) === true,
      least,
      { timeout: LONGEST_MS, polling: 50 },
    );
  }
}
