/** What a case works with: a scenario on the server, a browser on a fresh profile, and its tabs. */
import { FaultScenario } from '../../scripts/fault-scenarios.mjs';
import { makeProfile, startBrowser } from './fault-browser.mjs';
import { FILES, modelFiles, sizeOf } from './fault-model.mjs';
import { FaultTab } from './fault-tab.mjs';
import { until } from './until.mjs';

/** @typedef {import('./fault-case.d.mts').FaultCase} FaultCase */
/** @typedef {import('../../scripts/fault-types.mjs').FaultSetting} FaultSetting */
/** @typedef {import('./fault-site.mjs').FaultSite} FaultSite */

let count = 0;

export class FaultBench {
  /** What was not as it should be. @type {string[]} */
  problems = [];
  /** Folders on other hosts, which all downloads of the case may use. @type {readonly string[]} */
  mirrors = [];
  /** Every host of the case, the first of which is the model's own. @type {Map<string, FaultScenario>} */
  #hosts = new Map();

  /** @param {FaultSite} site @param {FaultCase} faultCase @param {Awaited<ReturnType<typeof makeProfile>>} profile @param {import('./fault-browser.mjs').FaultBrowser} browser */
  constructor(site, faultCase, profile, browser) {
    this.site = site;
    this.case = faultCase;
    this.profile = profile;
    this.browser = browser;
    /** Of the model's own host. */
    this.id = this.addHost(faultCase.setting);
    this.tab = this.#blankTab(browser.context.pages()[0]);
    /** Bytes of files that have to come over the network. */
    this.needed = this.names.reduce((sum, name) => sum + sizeOf(name), 0);
  }

  /** @param {FaultSite} site @param {FaultCase} faultCase */
  static async start(site, faultCase) {
    const profile = await makeProfile(faultCase);
    try {
      const bench = new FaultBench(site, faultCase, profile, await startBrowser(profile.folder));
      await bench.tab.open();
      return bench;
    } catch (thrown) {
      await profile.remove();
      throw thrown;
    }
  }

  /** Another folder with the model; its id. @param {Partial<FaultSetting>} [setting] */
  addHost({ files, ...setting } = {}) {
    count += 1;
    const id = `case-${String(count)}`;
    const scenario = new FaultScenario({ files: { ...modelFiles(), ...files }, ...setting });
    this.#hosts.set(id, scenario);
    this.site.scenarios.set(id, scenario);
    return id;
  }

  /** Of the model's own host. @returns {FaultScenario} */
  get scenario() {
    return this.scenarioOf(this.id);
  }

  /** @param {string} id */
  scenarioOf(id) {
    const scenario = this.#hosts.get(id);
    if (scenario === undefined) throw new Error(`There is no host ${id}.`);
    return scenario;
  }

  /** Folder of the model at a host; `isOther` on the second origin. @param {string} [id] @param {boolean} [isOther] */
  url(id = this.id, isOther = false) {
    return `${isOther ? this.site.otherUrl : this.site.url}/faults/${id}/`;
  }

  /** @returns {import('../pages/faults-page.ts').FaultRequest} */
  get request() {
    const { mirrors } = this;
    return { model: this.url(), files: Object.keys(FILES), mirrors, ...this.case.request };
  }

  /** Of the files that are asked for. */
  get names() {
    return this.request.files ?? [];
  }

  /** What the model is listed by. */
  get key() {
    return `${this.url()}manifest.json`;
  }

  /** The case's own download, in the current tab. */
  download() {
    return this.tab.download(this.request);
  }

  /** A new tab, which is the current one from now on. */
  async openTab() {
    this.tab = this.#blankTab(await this.browser.context.newPage());
    return this.tab.open();
  }

  /** Starts Chromium again on the same profile, after it was killed or closed. */
  async restart() {
    this.browser = await startBrowser(this.profile.folder);
    this.tab = this.#blankTab(this.browser.context.pages()[0]);
    return this.tab.open();
  }

  /** @param {string} what @param {boolean} holds */
  check(what, holds) {
    if (!holds) this.problems.push(what);
  }

  /** Bytes of files that the hosts gave to the network, when nothing is under way any more. */
  async sentBytes() {
    const ids = [...this.#hosts.keys()];
    await until('all answers have ended', () => ids.every((id) => !this.site.openAnswers(id)));
    return [...this.#hosts.values()]
      .flatMap(({ log }) => log)
      .filter(({ file }) => !file.startsWith('manifest.json'))
      .reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async close() {
    await this.browser.close().catch(() => undefined);
    await this.profile.remove();
  }

  /** @param {import('playwright').Page | undefined} page */
  #blankTab(page) {
    if (page === undefined) throw new Error('Chromium opened without a page.');
    return new FaultTab(page, `${this.site.url}/faults.html`);
  }
}
