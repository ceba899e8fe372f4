/** Other threads that take a part in the scans of packed rows: workers of the store's worker. */
import { RANKS, type CodeKernel } from '../../core/kernel/code-kernel';
import { rankAll, rankChunk, type FirstPass, type PassThreads } from '../../core/kernel/first-pass';
import { PassBoard } from '../../core/kernel/pass-board';
import type { ScanHelperStart } from './scan-helper';
import { spawnScanWorker } from './spawn-scan-worker';

/**
 * Threads that scan, the store's own included. The second one halves the first pass, which then is no
 * longer the most of a search: more would gain little, and wait for the same memory.
 */
const MOST_THREADS = 2;
const WORD_BYTES = 16;

export interface ScanHelpersOptions {
  /** @default one, and none on one core */
  readonly count?: number;
  /** Bytes of codes from which on a scan is shared. @default 32 MB, which take 2 ms */
  readonly leastBytes?: number;
  /**
   * Milliseconds that a helper may take for a chunk. It needs a fraction of one, or some where others
   * want the processor. @default 250
   */
  readonly patienceMs?: number;
  /** Milliseconds that helpers stay without a scan. @default 30000 */
  readonly idleMs?: number;
  /** @default the SDK's own worker */
  readonly spawn?: () => Worker;
}

/** Helpers that are there. */
interface Crew {
  readonly board: PassBoard;
  readonly workers: readonly Worker[];
}

/**
 * Started by the first large scan, which does not wait for them, and ended when none has come for a
 * while. If one fails all are ended, and no others take their place.
 */
export class ScanHelpers implements PassThreads {
  readonly #kernel: CodeKernel;
  readonly #options: Required<ScanHelpersOptions>;
  /** One for each, from the first start on. */
  #histograms: readonly number[] = [];
  #crew: Crew | null = null;
  #isOver = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

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
      idleMs = 30_000,
      spawn = spawnScanWorker,
    } = options;
    if (count < 1) return null;
    return new ScanHelpers(kernel, { count, leastBytes, patienceMs, idleMs, spawn });
  }

  /** Helpers that are there, or on their way. */
  get size(): number {
    return this.#crew?.workers.length ?? 0;
  }

  run(pass: FirstPass, histogram: number): boolean {
    const crew = this.#crewFor(pass);
    if (crew === null) {
      rankAll(this.#kernel, pass, histogram);
      return true;
    }
    for (const each of this.#histograms) this.#counts(each).fill(0);
    crew.board.open(pass);
    for (const chunk of crew.board.chunks(pass)) rankChunk(this.#kernel, pass, chunk, histogram);
    if (!crew.board.close(this.#options.patienceMs)) {
      this.end();
      return false;
    }
    this.#addUp(histogram);
    return true;
  }

  /** Ends the helpers for good. */
  end(): void {
    this.#isOver = true;
    this.#dismiss();
  }

  /** Null where the pass is done without help. */
  #crewFor({ rows, words }: FirstPass): Crew | null {
    if (this.#isOver || rows * words * WORD_BYTES < this.#options.leastBytes) return null;
    this.#crew ??= this.#start();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#dismiss();
    }, this.#options.idleMs);
    return this.#crew;
  }

  #start(): Crew | null {
    const { memory, shared } = this.#kernel;
    if (shared === null) return null;
    const { count, spawn } = this.#options;
    if (this.#histograms.length === 0) {
      this.#histograms = Array.from({ length: count }, () => memory.take(4 * RANKS));
    }
    // A new one each time: helpers from before may not be gone yet.
    const board = memory.take(PassBoard.BYTES);
    const workers: Worker[] = [];
    try {
      for (const histogram of this.#histograms) {
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
      return { board: new PassBoard(memory, board), workers };
    } catch {
      // A policy that forbids workers.
      for (const worker of workers) worker.terminate();
      this.#isOver = true;
      return null;
    }
  }

  #dismiss(): void {
    clearTimeout(this.#idle);
    for (const worker of this.#crew?.workers ?? []) worker.terminate();
    this.#crew = null;
  }

  #counts(histogram: number): Uint32Array {
    return this.#kernel.memory.words(histogram, RANKS);
  }

  #addUp(histogram: number): void {
    const sum = this.#counts(histogram);
    for (const each of this.#histograms) {
      const counts = this.#counts(each);
      for (let rank = 0; rank < RANKS; rank++) sum[rank] = (sum[rank] ?? 0) + (counts[rank] ?? 0);
    }
  }
}
