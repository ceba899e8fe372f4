/** Chromium on a profile of its own on the disk, which can be killed and started again on it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright';
import { browserLaunch } from '../../scripts/browser-launch.mjs';
import { canMeasureMemory, isGroupRunning } from '../memory.mjs';

/** Answer of a site setting: never. */
const BLOCKED = 2;
const ENDING_MS = 5;

/** @param {{ deniesStorage?: boolean }} [options] as a user who blocks all site data has it */
export async function makeProfile({ deniesStorage = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-faults-'));
  if (deniesStorage) {
    const preferences = { profile: { default_content_setting_values: { cookies: BLOCKED } } };
    await mkdir(join(folder, 'Default'));
    await writeFile(join(folder, 'Default/Preferences'), JSON.stringify(preferences));
  }
  return {
    folder,
    // The browser may still be writing while it ends.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** @param {string} profile */
export async function startBrowser(profile) {
  const context = await chromium.launchPersistentContext(profile, browserLaunch());
  const session = await context.browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('The browser of the profile is not to be had.');
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const root = processInfo.find(({ type }) => type === 'browser')?.id;
  if (root === undefined) throw new Error('Chromium does not tell its process.');
  return {
    context,
    version: context.browser()?.version() ?? 'unknown',
    close: () => context.close(),
    /** All of its processes at once: nothing is said to it or to its pages. */
    async kill() {
      const gone = context.waitForEvent('close');
      // Playwright makes it the leader of a process group, where there are such.
      process.kill(process.platform === 'win32' ? root : -root, 'SIGKILL');
      await gone;
      // One that is still ending may hold locks of the profile.
      while (canMeasureMemory && (await isGroupRunning(root))) await wait(ENDING_MS);
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof startBrowser>>} FaultBrowser */
