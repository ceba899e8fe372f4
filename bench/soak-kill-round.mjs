/** One life of a browser: it judges what the last one left, writes, and is killed. */
import { setTimeout as wait } from 'node:timers/promises';
import { startBrowser } from './faults/fault-browser.mjs';

/** @typedef {import('../src/store/test-workers/kill-page.ts').Knowledge} Knowledge */
/** @typedef {import('../src/store/test-workers/kill-page.ts').Judgement} Judgement */
/** @typedef {import('../src/store/test-workers/kill-page.ts').KillReport} KillReport */
/** @typedef {import('./soak-kill-plan.mjs').KillPlan} KillPlan */
/** @typedef {Awaited<ReturnType<typeof startBrowser>>} Browser */

/** Of one part of a round: many times what it takes on a busy machine. */
const LONGEST_MS = 240_000;

/**
 * @typedef {{
 *   readonly knowledge: Knowledge, readonly judgement: Judgement | null,
 *   readonly written: number, readonly problems: readonly string[], readonly version: string,
 * }} Round `judgement` is null when it was killed before; `knowledge` is what is known in the end,
 *   `written` how many writes were acknowledged
 */

/**
 * @param {{
 *   readonly url: string, readonly profile: string, readonly seed: number,
 *   readonly plan: KillPlan | null, readonly knowledge: Knowledge,
 * }} task without a plan nothing is written
 * @returns {Promise<Round>}
 */
export async function runRound({ url, profile, seed, plan, knowledge }) {
  const browser = await startBrowser(profile);
  const { version } = browser;
  const [page = await browser.context.newPage()] = browser.context.pages();
  await page.goto(url);
  const task = JSON.stringify({ url, knowledge, seed });
  const judging = settled(inTime('judging', page.evaluate(judgeInPage, task)));
  const isEarly = plan?.moment === 'opening';
  const judged = isEarly ? await Promise.race([judging, wait(plan.afterMs)]) : await judging;
  const { result: judgement = null, failure = null } = judged ?? {};
  const problems = failure === null ? (judgement?.problems ?? []) : [failure];
  if (plan === null || isEarly || judgement === null || problems.length > 0) {
    await browser.kill();
    return { knowledge, judgement, written: 0, problems, version };
  }
  const { items } = judgement;
  const written = await writeUntilKilled({ browser, page, url, seed, plan, items });
  return { ...written, judgement, version };
}

/**
 * @param {{
 *   readonly browser: Browser, readonly page: import('playwright').Page, readonly url: string,
 *   readonly seed: number, readonly plan: KillPlan, readonly items: Knowledge['items'],
 * }} task
 */
async function writeUntilKilled({ browser, page, url, seed, plan, items }) {
  /** @type {import('../src/store/test-workers/operations.ts').Operation[]} */
  const acknowledged = [];
  /** @type {Knowledge['inDoubt']} */
  let inDoubt = null;
  let asked = 0;
  /** @type {string[]} */
  const problems = [];
  const due = deferred();
  // The page goes on only when this has returned: what is acknowledged is known.
  await page.exposeFunction('tell', (/** @type {KillReport} */ report) => {
    switch (report.kind) {
      case 'asked':
        inDoubt = report.operation;
        asked++;
        if (plan.moment === 'write' && asked === plan.write) due.resolve();
        break;
      case 'acknowledged':
        if (inDoubt !== null) acknowledged.push(inDoubt);
        inDoubt = null;
        if (plan.moment === 'acknowledged' && asked === plan.write) due.resolve();
        break;
      case 'problem':
        problems.push(report.text);
        break;
    }
  });
  const task = JSON.stringify({ url, seed, items });
  const writing = settled(inTime('writing', page.evaluate(writeInPage, task)));
  if (plan.moment === 'time') due.resolve();
  const isTime = due.promise.then(() => (plan.afterMs > 0 ? wait(plan.afterMs) : undefined));
  // A page ends by itself when something is wrong, and then has told what, or fails.
  const ended = await Promise.race([isTime, writing]);
  await browser.kill();
  if (ended?.failure !== undefined) problems.push(ended.failure);
  const { length: written } = acknowledged;
  return { knowledge: { items, acknowledged, inDoubt }, written, problems };
}

/** Runs in the page, and sees nothing of this file. @param {string} task @returns {Promise<Judgement>} */
async function judgeInPage(task) {
  const { url, knowledge, seed } = JSON.parse(task);
  const { createKillPage } = await import(`${url}page.js`);
  return createKillPage().judge(knowledge, seed);
}

/** Runs in the page, too. @param {string} task @returns {Promise<void>} */
async function writeInPage(task) {
  const { url, seed, items } = JSON.parse(task);
  const { createKillPage } = await import(`${url}page.js`);
  const { tell } = /** @type {any} */ (globalThis);
  return createKillPage().write({ seed, items }, tell);
}

/**
 * Rejects when it takes so long that it will not end.
 * @template T @param {string} what @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function inTime(what, promise) {
  const late = wait(LONGEST_MS, undefined, { ref: false }).then(() => {
    throw new Error(`${what} has not ended in ${String(LONGEST_MS / 1000)} s`);
  });
  return Promise.race([promise, late]);
}

/**
 * Never rejects: the end of the browser is no failure of the page.
 * @template T @param {Promise<T>} promise
 * @returns {Promise<{ readonly result?: T, readonly failure?: string }>}
 */
function settled(promise) {
  return promise.then(
    (result) => ({ result }),
    (error) => ({ failure: String(error) }),
  );
}

/** @returns {{ readonly promise: Promise<void>, readonly resolve: () => void }} */
function deferred() {
  /** @type {() => void} */
  let resolve = () => undefined;
  /** @type {Promise<void>} */
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
