/** Chromium's CPU profiler on a page and its workers, those of workers included. */
import { setTimeout as wait } from 'node:timers/promises';

/** Between samples. */
const INTERVAL_US = 1000;
/** A thread that sleeps inside WASM answers when it wakes up, if ever. */
const PATIENCE_MS = 3000;

/** @typedef {import('./cpu-profile.mjs').CpuProfile} CpuProfile */

/**
 * @typedef {{
 *   readonly name: string, readonly threads: readonly Thread[],
 *   readonly send: (method: string, params?: object) => Promise<unknown>,
 * }} Thread `threads` are the workers that it started
 */

/** @typedef {{ readonly id?: number, readonly method?: string, readonly params?: object, readonly result?: unknown, readonly error?: { readonly message: string } }} Message */

/**
 * Profiles all threads that there are now while `work` runs. The profile is null for a thread that
 * did not answer.
 * @template Result
 * @param {import('playwright').Page} page @param {() => Promise<Result>} work
 * @returns {Promise<{
 *   result: Result, threads: readonly { readonly name: string, readonly profile: CpuProfile | null }[],
 * }>}
 */
export async function profileThreads(page, work) {
  const session = await page.context().newCDPSession(page);
  try {
    const threads = await allThreads(pageThread(session));
    await Promise.all(threads.map((thread) => patiently(start(thread))));
    const result = await work();
    const profiles = threads.map(async (thread) => {
      const answer = await patiently(thread.send('Profiler.stop'));
      const { profile } = /** @type {{ profile?: CpuProfile }} */ (answer ?? {});
      return { name: thread.name, profile: profile ?? null };
    });
    return { result, threads: await Promise.all(profiles) };
  } finally {
    await session.detach();
  }
}

/** @param {Thread} thread */
async function start(thread) {
  await thread.send('Profiler.enable');
  await thread.send('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await thread.send('Profiler.start');
}

/** The thread and all below it. @param {Thread} thread @returns {Promise<readonly Thread[]>} */
async function allThreads(thread) {
  // What is there already is attached before this is answered. Not flattened, as messages of
  // flattened sessions would go past Playwright's.
  const options = { autoAttach: true, waitForDebuggerOnStart: false, flatten: false };
  await patiently(thread.send('Target.setAutoAttach', options));
  return [thread, ...(await Promise.all(thread.threads.map(allThreads))).flat()];
}

/** @param {import('playwright').CDPSession} session @returns {Thread} */
function pageThread(session) {
  const send = /** @type {Thread['send']} */ (/** @type {unknown} */ (session.send.bind(session)));
  const { threads, take } = workersOf(send);
  for (const method of /** @type {const} */ ([
    'Target.attachedToTarget',
    'Target.receivedMessageFromTarget',
  ])) {
    session.on(method, (params) => take({ method, params }));
  }
  return { name: 'page', threads, send };
}

/**
 * The workers of a thread, as its events tell of them.
 * @param {Thread['send']} send to the thread
 */
function workersOf(send) {
  /** @type {Thread[]} */
  const threads = [];
  /** @type {Map<string, (message: Message) => void>} */
  const receivers = new Map();
  /** @param {Message} message */
  const take = ({ method, params }) => {
    if (method === 'Target.attachedToTarget') {
      const { sessionId, targetInfo } =
        /** @type {{ sessionId: string, targetInfo: { title: string, url: string } }} */ (params);
      const post = (/** @type {string} */ message) =>
        send('Target.sendMessageToTarget', { sessionId, message });
      const { thread, receive } = workerThread(targetInfo.title || targetInfo.url, post);
      receivers.set(sessionId, receive);
      threads.push(thread);
    } else if (method === 'Target.receivedMessageFromTarget') {
      const { sessionId, message } = /** @type {{ sessionId: string, message: string }} */ (params);
      receivers.get(sessionId)?.(JSON.parse(message));
    }
  };
  return { threads, take };
}

/** @param {string} name @param {(message: string) => Promise<unknown>} post */
function workerThread(name, post) {
  /** @type {Map<number, (message: Message) => void>} */
  const answers = new Map();
  let sent = 0;
  /** @type {Thread['send']} */
  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++sent;
      answers.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(`${name}, ${method}: ${error.message}`));
      });
      post(JSON.stringify({ id, method, params })).catch(reject);
    });
  const { threads, take } = workersOf(send);
  /** @param {Message} message */
  const receive = (message) => {
    if (message.id === undefined) take(message);
    else answers.get(message.id)?.(message);
  };
  return { thread: { name, threads, send }, receive };
}

/** Null when there is no answer in time. @template Result @param {Promise<Result>} answer */
async function patiently(answer) {
  const stopping = new AbortController();
  const { signal } = stopping;
  // What comes too late may also fail.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, wait(PATIENCE_MS, null, { signal })]);
  } finally {
    stopping.abort();
  }
}
