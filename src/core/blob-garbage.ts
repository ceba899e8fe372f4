/**
 * Blobs that were written and are of no more use. The browser holds their bytes until the garbage
 * collector has found the handles, and the collector, to which a handle is a few bytes, sees no
 * reason to look: while a model of 600 MB was cached, Chromium's own process grew by as much. An
 * allocation does give it a reason. Its memory is never touched, so it costs addresses only.
 */

/** Bytes; what V8 lets grow outside its heap before it collects. */
const BAIT = 2 ** 26;
/** Collecting takes a few milliseconds; a browser that does not take the bait is left alone. */
const MOST_BAITS = 16;

export class BlobGarbage {
  readonly #most: number;
  // Not WeakRef: looking at one keeps its target for the rest of the task, and from this bait.
  readonly #registry = new FinalizationRegistry<null>(() => this.#left--);
  #left = 0;
  #inVain = false;
  /** Kept until the next one: two at a time are the better reason. */
  #bait: ArrayBuffer | null = null;

  /** @param most Blobs that may wait for their end at a time */
  constructor(most: number) {
    this.#most = most;
  }

  /** The Blob is not used any more, as soon as the caller has let go of it. */
  note(blob: Blob): void {
    this.#left++;
    this.#registry.register(blob, null);
  }

  /** How many have not been collected. */
  get left(): number {
    return this.#left;
  }

  /** Resolves when no more are left than may be, or when it does not help; then it never tries again. */
  async collect(): Promise<void> {
    if (this.#inVain) return;
    for (let baits = 0; this.#left > this.#most && baits < MOST_BAITS; baits++) {
      if (!this.#layBait()) break;
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#bait = null;
    this.#inVain = this.#left > this.#most;
  }

  /** False when short of addresses: then the collector is at work anyway. */
  #layBait(): boolean {
    try {
      this.#bait = new ArrayBuffer(BAIT);
      return this.#bait.byteLength === BAIT;
    } catch {
      return false;
    }
  }
}
