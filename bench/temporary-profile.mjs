/** Chromium on a profile on the disk, as a person has it, for one run of a bench. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logPage } from './browser.mjs';
import { openProfile } from './profile-browser.mjs';

/**
 * Without a profile Chromium keeps what a page stores in memory, and 2 GB of models at most.
 * Closing removes the profile.
 */
export async function openTemporaryProfile() {
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-bench-profile-'));
  const { page, root, version, close } = await openProfile(folder);
  logPage(page);
  return {
    page,
    /** The browser's first process. */
    root,
    version,
    close: async () => {
      await close();
      // The browser may still be writing while it ends.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
