/** Collects what became of the items of an `add`, and tells the caller how far it is. */
import { RateMeter } from '../core/rate-meter';
import type { PhotoglotError } from '../errors';
import type { AddOptions, AddResult, ItemInput } from './api';

export class AddReport {
  readonly #added: string[] = [];
  readonly #skipped: AddResult['skipped'][number][] = [];
  readonly #failed: AddResult['failed'][number][] = [];
  readonly #missing = new Set<string>();
  readonly #meter = new RateMeter();
  readonly #total: number;
  readonly #onProgress: AddOptions['onProgress'];

  constructor(total: number, onProgress: AddOptions['onProgress']) {
    this.#total = total;
    this.#onProgress = onProgress;
  }

  added(id: string): void {
    this.#added.push(id);
  }

  skipped(id: string, reason: AddResult['skipped'][number]['reason']): void {
    this.#skipped.push({ id, reason });
  }

  failed(input: Blob | ItemInput, { code, message }: PhotoglotError): void {
    this.#failed.push({ input, code, message });
  }

  missing(pieces: readonly string[]): void {
    for (const piece of pieces) this.#missing.add(piece);
  }

  /** Calls the listener. One that throws is the page's own failure: reported, without harm. */
  progress(): void {
    if (this.#onProgress === undefined) return;
    const done = this.#added.length + this.#skipped.length + this.#failed.length;
    try {
      this.#onProgress(this.#meter.progress(done, this.#total));
    } catch (thrown) {
      reportError(thrown);
    }
  }

  result(): AddResult {
    return {
      added: this.#added,
      skipped: this.#skipped,
      failed: this.#failed,
      missing: [...this.#missing],
    };
  }
}
