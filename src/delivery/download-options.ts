/** What a download needs. */
import type { DownloadRules } from './download-rules';
import type { FileShelf } from './file-shelf';
import type { FileSource } from './file-source';
import type { Hosts } from './hosts';
import type { PauseGate } from './pause-gate';
import type { DownloadProgress } from './progress-throttle';

export interface DownloadOptions {
  readonly source: FileSource;
  readonly shelf: FileShelf;
  /** Shared by the files of a model. */
  readonly hosts: Hosts;
  readonly gate: PauseGate;
  /** Rejects the call at once; what is kept stays. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  /** @internal For tests. */
  readonly rules?: Partial<DownloadRules>;
}
