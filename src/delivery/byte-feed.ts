/**
 * The bytes of one file in order, from whichever host has them: requests, retries, other hosts and
 * pauses happen in here, and an answer with the whole file is read on from chunk to chunk.
 */
import { abortedError } from '../core/until-aborted';
import type { DownloadRules } from './download-rules';
import {
  FileChanged,
  learnEnd,
  learnHead,
  learnNoRange,
  provesNothing,
  vouches,
  type FileFacts,
} from './file-facts';
import type { FileSource } from './file-source';
import { HostFailure, lastFailure } from './host-failure';
import type { HostTour } from './host-tour';
import type { PauseGate } from './pause-gate';
import type { RangeAnswer } from './range-answer';
import { RangeHabit } from './range-habit';
import { requestRange, type NoSuchRange, type RangeRequest } from './request-range';
import { RetryPolicy } from './retry-policy';
import { waitToRetry } from './wait-to-retry';

const GOES_ON = 'What has arrived is kept: a later call goes on from there.';

export interface FeedOptions {
  readonly source: FileSource;
  readonly tour: HostTour;
  readonly gate: PauseGate;
  readonly signal: AbortSignal;
  readonly rules: DownloadRules;
  /** Called with the bytes of the file that are there. */
  readonly onLoaded: (bytes: number) => void;
}

export class ByteFeed {
  readonly #options: FeedOptions;
  readonly #retries: RetryPolicy;
  readonly #habit = new RangeHabit();
  #facts: FileFacts;
  #answer: RangeAnswer | null = null;
  /** Of the pause gate, when the last request began. */
  #interrupt: AbortSignal;
  #cache: 'no-store' | 'reload' = 'no-store';
  /**
   * Whether this call's requests have shown that the file is the one that is kept. Within a call
   * it goes on as long as nothing tells otherwise; what an earlier one has kept may be of any age.
   */
  #isVouchedFor = false;
  #received = 0;

  constructor(options: FeedOptions, facts: FileFacts) {
    this.#options = options;
    this.#retries = new RetryPolicy(options.rules);
    this.#facts = facts;
    this.#interrupt = options.gate.interrupt;
  }

  get facts(): FileFacts {
    return this.#facts;
  }

  /** Bytes that came over the network. */
  get received(): number {
    return this.#received;
  }

  /**
   * Fills `target` with the bytes from `start` on. Resolves to their number, which is less at the
   * end of the file only; or to `changed` when the bytes before `start` are of another version of
   * the file. Rejects when no host has them.
   */
  async fill(target: Uint8Array, start: number): Promise<number | 'changed'> {
    let have = 0;
    for (;;) {
      const { size } = this.#facts;
      const wanted = size === null ? target.length : Math.min(target.length, size - start);
      try {
        if (have >= wanted) {
          await this.#endAnswer(start + have);
          return have;
        }
        have += await this.#advance(target.subarray(have, wanted), start + have);
        this.#options.onLoaded(start + have);
      } catch (thrown) {
        if (thrown instanceof FileChanged) return 'changed';
        // Whoever sends too much may have sent anything.
        if (have >= wanted) have = 0;
        await this.#recover(thrown);
      }
    }
  }

  /** The chunk is what it should be. */
  succeeded(): void {
    this.#retries.reset();
    this.#options.tour.succeeded();
    this.#cache = 'no-store';
  }

  /** Bytes were wrong: the next ones come from another host, if there is one, and from no cache. */
  distrust(): void {
    this.close();
    this.#retries.reset();
    this.#options.tour.turn();
    this.#habit.reset();
    this.#cache = 'reload';
  }

  /** The file begins anew, or goes on from what another tab has kept. */
  reset(facts: FileFacts): void {
    this.#facts = facts;
    this.#isVouchedFor = false;
  }

  /** Ends the request that runs. */
  close(): void {
    this.#answer?.close();
    this.#answer = null;
  }

  /** Some more bytes into `target`. Resolves to their number. */
  async #advance(target: Uint8Array, position: number): Promise<number> {
    const { source, gate, signal } = this.#options;
    await gate.whenOpen(signal);
    const answer = await this.#answerFor(position, position + target.length);
    const needsVoucher = position > 0 && !this.#isVouchedFor && provesNothing(source);
    if (!('head' in answer)) {
      const learned = learnNoRange(answer, this.#facts, source, position);
      if (needsVoucher) throw new FileChanged();
      this.#facts = learned;
      return 0;
    }
    const learned = learnHead(answer, this.#facts, source, position);
    if (needsVoucher && !vouches(answer, this.#facts, source)) throw new FileChanged();
    this.#facts = learned;
    this.#isVouchedFor = true;
    // The answer has told the size just now: the caller counts again.
    const { size } = this.#facts;
    if (size !== null && position + target.length > size) return 0;
    const isThere = await answer.skipTo(position);
    const count = isThere ? await answer.readInto(target) : 0;
    this.#retries.gained(count);
    if (count > 0) return count;
    this.close();
    this.#facts = learnEnd(answer, this.#facts, position);
    return 0;
  }

  async #answerFor(position: number, end: number): Promise<RangeAnswer | NoSuchRange> {
    if (this.#answer?.covers(position, end) === true) return this.#answer;
    this.close();
    const { source, tour, gate, signal, rules } = this.#options;
    this.#interrupt = gate.interrupt;
    const { url } = tour;
    // From elsewhere, and nothing would tell whether it is the same file: from the start.
    const isOther = position > 0 && provesNothing(source) && this.#facts.validator?.url !== url;
    const answer = await this.#ask({
      url,
      onPage: 'is an HTML page, expected a model file',
      start: isOther ? 0 : position,
      end: isOther ? end - position : end,
      isWhole: this.#habit.asksWhole,
      ifRange: this.#ifRange(url, position),
      cache: this.#cache,
      signal: AbortSignal.any([signal, this.#interrupt]),
      rules,
      onReceived: (bytes) => {
        this.#received += bytes;
      },
    });
    if ('head' in answer) this.#answer = answer;
    if (isOther) throw new FileChanged();
    return answer;
  }

  async #ask(request: RangeRequest): Promise<RangeAnswer | NoSuchRange> {
    const answer = await requestRange(request);
    if (!request.isWhole) this.#habit.answeredPart();
    else if ('head' in answer) {
      if (this.#habit.takesWhole(answer.head, this.#facts.size, request.start)) return answer;
      answer.close();
      return this.#ask({ ...request, isWhole: false });
    }
    return answer;
  }

  /**
   * Only to our own origin: elsewhere this header causes a preflight, which static hosts refuse.
   * Only at the first attempt: our own origin may lead elsewhere.
   */
  #ifRange(url: string, position: number): string | null {
    const { validator } = this.#facts;
    const isOurs = new URL(url).origin === globalThis.location.origin;
    if (position === 0 || validator?.url !== url || validator.etag === '') return null;
    return isOurs && this.#retries.failures === 0 && this.#options.source.chunks === null
      ? validator.etag
      : null;
  }

  /** All that the answer was asked for is here: nothing may follow. */
  async #endAnswer(position: number): Promise<void> {
    const answer = this.#answer;
    if (answer === null) return;
    const isOver = answer.head.isWhole ? position === this.#facts.size : true;
    if (!isOver) return;
    this.#answer = null;
    await answer.expectEnd();
  }

  async #recover(thrown: unknown): Promise<void> {
    this.close();
    const { signal, tour } = this.#options;
    if (signal.aborted) throw abortedError(signal);
    if (!(thrown instanceof HostFailure)) throw thrown;
    // A pause ended the request: it is no failure.
    if (this.#interrupt.aborted) return;
    if (thrown.isSilent) this.#habit.silent();
    const delay = this.#retries.failed(thrown);
    if (delay !== null) {
      await waitToRetry(delay, signal);
      return;
    }
    tour.giveUp(lastFailure(thrown, this.#retries.failures, GOES_ON));
    this.#retries.reset();
    this.#habit.reset();
  }
}
