/** Other threads that take a part in the scans of packed rows: workers of the store's worker. */
import { RANKS, type CodeKernel } from '../../core/kernel/code-kernel';
import { rankAll, rankChunk, type FirstPass, type PassThreads } from '../../core/kernel/first-pass';
import { PassBoard } from '../../core/kernel/pass-board';
import { beforeEnd, threadGone } from '../../protocol/own-workers';
import type { ScanHelperStart } from './scan-helper';
import { spawnScanWorker } from './spawn-scan-worker';

/**
 * Threads that scan, the store's own included. The second one halves the first pass, which then is no
 * longer the most of a search: more would gain little, and wait for the same memory.
 */
const MOST_THREADS = 2;
/**
 * A helper that is waited for so long has lost its processor to others. For a while it is not asked then: on busy
 * processors a scan takes longer with it than without. As it happens on quiet ones now and then, too, the while
 * is short at first, twice as long each time, and a tenth shorter after each good scan: it grows where more than
 * one of eight is late.
 */
const BUSY_MS = 1;
const PAUSE_MS = { least: 16, most: 1024 };

export interface ScanHelpersOptions {
  /** @default one, and none on one core */
  readonly count?: number;
  /** Bytes of codes from which on scans are shared. @default 32 MB, which take 2 ms */
  readonly leastBytes?: number;
  /**
   * Milliseconds that a helper may take for a chunk. It needs a fraction of one, or some where others
   * want the processor. @default 250
   */
  readonly patienceMs?: number;
  /** @default the SDK's own worker */
  readonly spawn?: () => Worker;
}

/** Helpers that are there, or on their way. */
interface Crew {
  readonly board: PassBoard;
  readonly workers: readonly Worker[];
  /** Address of each one's histogram. */
  readonly histograms: readonly number[];
  /** To be called when they are gone. */
  readonly forget: () => void;
}

/**
 * Started once, by whoever loads codes, so that a search has nothing to fetch. If one fails all are
 * ended, and no others take their place.
 */
export class ScanHelpers implements PassThreads {
  readonly #kernel: CodeKernel;
  readonly #options: Required<ScanHelpersOptions>;
  #crew: Crew | null = null;
  #isOver = false;
  #gone = Promise.resolve();
  /** By `performance.now()`. */
  #pausedUntil = 0;
  #pauseMs = PAUSE_MS.least;

  private constructor(kernel: CodeKernel, options: Required<ScanHelpersOptions>) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /** Of a kernel whose memory they share; null where it cannot be shared, or there is nobody to help. */
  static on(kernel: CodeKernel, options: ScanHelpersOptions = {}): ScanHelpers | null {
    if (kernel.shared === null) return null;
    const {
      count = Math.min(MOST_THREADS, navigator.hardwareConcurrency) - 1,
      leastBytes = 32 * 2 ** 20,
      patienceMs = 250,
      spawn = spawnScanWorker,
    } = options;
    if (count < 1) return null;
    return new ScanHelpers(kernel, { count, leastBytes, patienceMs, spawn });
  }

  /** Helpers that are there, or on their way. */
  get size(): number {
    return this.#crew?.workers.length ?? 0;
  }

  /** Starts them once there are so many bytes of codes that it is worth it. Scans do not wait for them. */
  startFor(codeBytes: number): void {
    const { memory, shared } = this.#kernel;
    const { count, leastBytes, spawn } = this.#options;
    if (shared === null || this.#isOver || this.#crew !== null || codeBytes < leastBytes) return;
    const workers: Worker[] = [];
    try {
      const board = memory.take(PassBoard.BYTES);
      const histograms = Array.from({ length: count }, () => memory.take(4 * RANKS));
      const forget = beforeEnd(() => {
        this.end();
        return this.#gone;
      });
      this.#crew = { board: new PassBoard(memory, board), workers, histograms, forget };
      for (const histogram of histograms) {
        const worker = spawn();
        workers.push(worker);
        worker.onerror = (event) => {
          // It would be an error of this worker otherwise.
          event.preventDefault();
          this.end();
        };
        const start: ScanHelperStart = { memory: shared, board, histogram };
        worker.postMessage(start);
      }
    } catch {
      // No memory, or a policy that forbids workers.
      this.end();
    }
  }

  run(pass: FirstPass, histogram: number): boolean {
    const crew = performance.now() < this.#pausedUntil ? null : this.#crew;
    if (crew === null) {
      rankAll(this.#kernel, pass, histogram);
      return true;
    }
    for (const each of crew.histograms) this.#counts(each).fill(0);
    crew.board.open(pass);
    for (const chunk of crew.board.chunks(pass)) rankChunk(this.#kernel, pass, chunk, histogram);
    const done = performance.now();
    if (!crew.board.close(this.#options.patienceMs)) {
      this.end();
      return false;
    }
    const now = performance.now();
    if (now - done > BUSY_MS) {
      this.#pausedUntil = now + this.#pauseMs;
      this.#pauseMs = Math.min(PAUSE_MS.most, 2 * this.#pauseMs);
    } else this.#pauseMs = Math.max(PAUSE_MS.least, this.#pauseMs * 0.9);
    for (const each of crew.histograms) this.#add(each, histogram);
    return true;
  }

  /** Ends the helpers for good. */
  end(): void {
    this.#isOver = true;
    const crew = this.#crew;
    if (crew === null) return;
    this.#crew = null;
    // One that sleeps would outlive its termination by two seconds (Chromium 156), and the memory with it.
    crew.board.dismiss();
    for (const worker of crew.workers) worker.terminate();
    this.#gone = threadGone();
    void this.#gone.then(crew.forget);
  }

  #counts(histogram: number): Uint32Array {
    return this.#kernel.memory.words(histogram, RANKS);
  }

  #add(histogram: number, to: number): void {
    const [counts, sum] = [this.#counts(histogram), this.#counts(to)];
    for (let rank = 0; rank < RANKS; rank++) sum[rank] = (sum[rank] ?? 0) + (counts[rank] ?? 0);
  }
}
