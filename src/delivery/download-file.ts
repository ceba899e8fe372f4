/**
 * Brings one file into a shelf, chunk by chunk, whatever the server does. Nothing is kept that was
 * proven wrong, nothing that is kept is fetched again, and no more than a chunk is in memory.
 */
import { abortedError, untilAborted } from '../core/until-aborted';
import { toPhotoglotError } from '../errors';
import { requireSubtle } from './chunk-digest';
import type { DownloadOptions } from './download-options';
import { DEFAULT_RULES } from './download-rules';
import { DownloadSteps } from './download-steps';
import type { StoredFile } from './file-shelf';
import { KeptFile } from './kept-file';

/**
 * Resolves to the file, complete and verified. Rejects with `network` when no host answers,
 * `integrity` when they have something else, `aborted`, and with what the shelf rejects with
 * (`quota-exceeded`, `storage`). A later call goes on from what is kept.
 */
export async function downloadFile(options: DownloadOptions): Promise<StoredFile> {
  const { signal } = options;
  try {
    // What still runs behind an abort ends soon: a chunk that is being kept is whole or not there.
    return await untilAborted(run(options), signal);
  } catch (thrown) {
    if (signal.aborted) throw abortedError(signal);
    throw toPhotoglotError(thrown);
  }
}

async function run(options: DownloadOptions): Promise<StoredFile> {
  const { source, shelf, signal } = options;
  requireSubtle();
  const rules = { ...DEFAULT_RULES, ...options.rules };
  const chunkSize = source.chunks?.size ?? rules.chunkSize;
  const { key, size } = source;
  const kept = await KeptFile.open({ shelf, key, chunkSize, size, signal });
  const download = new DownloadSteps({ ...options, rules }, kept);
  try {
    while (!download.isDone) await download.step();
    return kept.state;
  } finally {
    download.close();
  }
}
