/** A profile of a browser in a temporary folder, which several browsers use one after the other. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @template T @param {(profile: string) => Promise<T>} work */
export async function inProfile(work) {
  const profile = await mkdtemp(join(tmpdir(), 'photoglot-search-'));
  try {
    return await work(profile);
  } finally {
    // The browser may still be writing while it ends.
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
