/** Chromium that nobody drives: it opens one page, which tells by HTTP how far it is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { browserLaunch } from '../scripts/browser-launch.mjs';

/**
 * Runs `work` beside a page in a browser of its own.
 * @template T
 * @param {{ readonly profile: string, readonly url: (report: string) => string }} options the
 *   profile's folder, and the page's address, given where it reports to
 * @param {(browser: {
 *   readonly root: number,
 *   readonly next: (between: () => Promise<void>) => Promise<string>,
 * }) => Promise<T>} work gets the browser's process, and a function that resolves to the page's next
 *   report, which is answered as soon as `between` has settled
 * @returns {Promise<T>}
 */
export async function inLoneBrowser({ profile, url }, work) {
  const reports = await listen();
  const { executablePath, args } = browserLaunch();
  const own = ['--headless=new', `--user-data-dir=${profile}`, url(reports.url)];
  const browser = spawn(executablePath, [...args, ...own], { stdio: 'ignore' });
  try {
    return await work({ root: browser.pid ?? NaN, next: reports.next });
  } finally {
    // In an orderly way: the profile is used again.
    browser.kill('SIGTERM');
    if (browser.exitCode === null) await once(browser, 'exit');
    reports.close();
  }
}

/** Takes reports from any page, one after the other. */
async function listen() {
  /** @type {((between: () => Promise<void>) => Promise<string>) | undefined} */
  let take;
  /** @type {{ readonly text: string, readonly answer: () => void }[]} */
  const waiting = [];
  let wake = () => undefined;
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    let text = '';
    request.on('data', (piece) => (text += String(piece)));
    request.on('end', () => {
      waiting.push({ text, answer: () => void response.end() });
      wake();
    });
  });
  take = async (between) => {
    while (waiting.length === 0) await new Promise((resolve) => (wake = () => void resolve(null)));
    const report = waiting.shift();
    await between();
    report?.answer();
    return report?.text ?? '';
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${String(address.port)}/`,
    next: take,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
