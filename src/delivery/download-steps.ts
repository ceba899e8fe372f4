/** A download, step by step: a chunk is fetched, proven and kept, or fetched again; then the file. */
import { abortedError } from '../core/until-aborted';
import { PhotoglotError } from '../errors';
import { ByteFeed } from './byte-feed';
import { sha256OfBytes } from './chunk-digest';
import type { DownloadOptions } from './download-options';
import type { DownloadRules } from './download-rules';
import type { FileFacts } from './file-facts';
import { HostTour } from './host-tour';
import type { KeptFile } from './kept-file';
import { throttled, type DownloadProgress } from './progress-throttle';

const UPLOAD_AGAIN = "Upload the model's files again, as they are.";
const DELETE_TO_RENEW =
  'It is not the file that was trusted at first: if it is meant to replace that, delete the model ' +
  'from the cache and load it again.';

interface StepsOptions extends DownloadOptions {
  readonly rules: DownloadRules;
}

export class DownloadSteps {
  readonly #options: StepsOptions;
  readonly #report: (progress: DownloadProgress) => void;
  readonly #kept: KeptFile;
  readonly #tour: HostTour;
  readonly #feed: ByteFeed;
  /** Whether an earlier call has brought some of it. */
  readonly #isResumed: boolean;
  /** Used for every chunk. */
  #buffer = new Uint8Array();
  #restarts = 0;
  /** Whether the chunk is fetched again, as it was wrong; and so the file. */
  #isSecondChunk = false;
  #isSecondFile = false;

  constructor(options: StepsOptions, kept: KeptFile) {
    const { source, hosts, gate, signal, onProgress, rules } = options;
    this.#options = options;
    this.#report = throttled(onProgress);
    this.#kept = kept;
    this.#isResumed = kept.state.bytes > 0;
    // Nothing but its host tells that the rest belongs to what is kept.
    const first = source.sha256 === null ? kept.state.validator?.url : undefined;
    this.#tour = new HostTour(source.urls, hosts, first);
    const onLoaded = (loaded: number): void => {
      this.#tell(loaded);
    };
    const parts = { source, tour: this.#tour, gate, signal, rules, onLoaded };
    this.#feed = new ByteFeed(parts, this.#keptFacts());
    this.#tell(kept.state.bytes);
  }

  get isDone(): boolean {
    const { sha256 } = this.#kept.state;
    return sha256 !== null && sha256 === (this.#options.source.sha256 ?? sha256);
  }

  /** Another chunk, or the end. */
  async step(): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) throw abortedError(signal);
    const { bytes, sha256 } = this.#kept.state;
    if (sha256 !== null) await this.#restart();
    else if (bytes === this.#feed.facts.size) await this.#conclude();
    else await this.#nextChunk();
  }

  close(): void {
    this.#feed.close();
  }

  async #nextChunk(): Promise<void> {
    const { chunks: index, bytes: start } = this.#kept.state;
    const filled = await this.#feed.fill(this.#room(start), start);
    if (filled === 'changed') {
      await this.#changed();
      return;
    }
    // The file has ended where the last chunk did.
    if (filled === 0) return;
    const bytes = this.#buffer.subarray(0, filled);
    const wrong = await this.#wrongChunk(index, start, bytes);
    this.#options.signal.throwIfAborted();
    if (wrong !== null) {
      if (this.#isSecondChunk) throw wrong;
      this.#isSecondChunk = true;
      this.#feed.distrust();
      return;
    }
    this.#isSecondChunk = false;
    if (!(await this.#kept.append(bytes, this.#feed.facts))) this.#feed.reset(this.#keptFacts());
    this.#feed.succeeded();
  }

  /** All bytes are kept. */
  async #conclude(): Promise<void> {
    const { source, shelf } = this.#options;
    const digest = this.#kept.digest();
    if (digest === (source.sha256 ?? digest)) {
      await this.#kept.finish(digest);
      this.#tell(this.#kept.state.bytes);
      return;
    }
    // What comes again is the same where every chunk was proven just now: its digests are to blame.
    const mayHelp = source.chunks === null || this.#isResumed;
    if (this.#isSecondFile || !mayHelp) {
      await shelf.drop(source.key);
      // Its key is its digest, unless the first download told that.
      const isFirstUse = source.key !== source.sha256;
      const advice = isFirstUse ? DELETE_TO_RENEW : UPLOAD_AGAIN;
      throw wrongDigest(this.#tour.url, 'has', digest, source.sha256, advice);
    }
    this.#isSecondFile = true;
    this.#feed.distrust();
    await this.#restart();
  }

  async #wrongChunk(
    index: number,
    start: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<PhotoglotError | null> {
    const { chunks } = this.#options.source;
    if (chunks === null) return null;
    const expected = chunks.sha256[index];
    const digest = await sha256OfBytes(bytes);
    if (digest === expected) return null;
    const what = `has, in bytes ${start} to ${start + bytes.length - 1},`;
    return wrongDigest(this.#tour.url, what, digest, expected ?? null, UPLOAD_AGAIN);
  }

  /** Another version of the file is served now. */
  async #changed(): Promise<void> {
    this.#restarts += 1;
    if (this.#restarts > this.#options.rules.restarts) {
      throw new PhotoglotError(
        'integrity',
        `${this.#tour.url} changed ${this.#restarts} times while it was downloaded, expected one ` +
          'file to stay. Try again when its upload is complete and all hosts have the same files.',
      );
    }
    await this.#restart();
  }

  async #restart(): Promise<void> {
    await this.#kept.restart();
    this.#feed.reset(this.#keptFacts());
    this.#tell(0, true);
  }

  #keptFacts(): FileFacts {
    const { size, validator } = this.#kept.state;
    return { size: this.#options.source.size ?? size, validator };
  }

  /** Where the chunk at `start` goes. */
  #room(start: number): Uint8Array<ArrayBuffer> {
    const { chunkSize } = this.#kept.state;
    const length = Math.min(chunkSize, (this.#feed.facts.size ?? Infinity) - start);
    if (this.#buffer.length < length) this.#buffer = allocate(length);
    return this.#buffer.subarray(0, length);
  }

  #tell(loaded: number, restarted = false): void {
    const { size: total } = this.#feed.facts;
    const { received } = this.#feed;
    this.#report({ loaded, total, received, ...(restarted && { restarted }) });
  }
}

function allocate(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (thrown) {
    throw new PhotoglotError(
      'session-failed',
      `A chunk of ${length} bytes is more than this browser can hold in memory. Pack the model ` +
        'again with smaller chunks.',
      { cause: thrown },
    );
  }
}

function wrongDigest(
  url: string,
  what: string,
  got: string,
  expected: string | null,
  advice: string,
): PhotoglotError {
  const wanted = expected ?? 'no bytes there';
  const message = `${url} ${what} SHA-256 ${got}, expected ${wanted}. ${advice}`;
  return new PhotoglotError('integrity', message);
}
