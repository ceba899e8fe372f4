/** Collects what became of the items of an `add`, and tells the caller how far it is. */
import { RateMeter } from '../core/rate-meter';
import { PhotoglotError } from '../errors';
import type { AddOptions, AddResult, ItemInput } from './api';
import type { RoughItem } from './encode-items';

export class AddReport {
  readonly #added: string[] = [];
  readonly #skipped: AddResult['skipped'][number][] = [];
  readonly #failed: AddResult['failed'][number][] = [];
  readonly #refined: string[] = [];
  readonly #rough: AddResult['rough'][number][] = [];
  readonly #missing = new Set<string>();
  readonly #total: number;
  #meter = new RateMeter();
  /** Items whose second pass is to come. */
  #waiting = 0;
  /** Items of the second pass; null until it begins. */
  #secondPass: number | null = null;
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

  /** An item can be found by a rough vector, until its second pass is over. */
  waiting(): void {
    this.#waiting++;
  }

  /** From now on the rate is that of the second pass. */
  beginSecondPass(): void {
    this.#secondPass = this.#waiting;
    this.#meter = new RateMeter();
    this.progress();
  }

  /** `outcome`: why it failed, or whether its vector was replaced; or else it was gone, or done by others. */
  secondPassOver({ id, item, known }: RoughItem, outcome: boolean | PhotoglotError): void {
    this.#waiting--;
    if (outcome instanceof PhotoglotError) {
      const { code, message } = outcome;
      this.#rough.push({ id, code, message });
      if (known) this.failed(item.input, outcome);
    } else if (known) {
      if (outcome) this.#refined.push(id);
      else this.skipped(id, 'exists');
    }
  }

  missing(pieces: readonly string[]): void {
    for (const piece of pieces) this.#missing.add(piece);
  }

  /** Calls the listener. One that throws is the page's own failure: reported, without harm. */
  progress(): void {
    if (this.#onProgress === undefined) return;
    const lists = [this.#added, this.#skipped, this.#failed, this.#refined];
    const done = lists.reduce((sum, { length }) => sum + length, 0);
    const [total, rough] = [this.#total, this.#waiting];
    const { rate, remaining } =
      this.#secondPass === null
        ? this.#meter.progress(done, total)
        : this.#meter.progress(this.#secondPass - rough, this.#secondPass);
    try {
      this.#onProgress({ done, total, rate, remaining, rough });
    } catch (thrown) {
      reportError(thrown);
    }
  }

  result(): AddResult {
    return {
      added: this.#added,
      skipped: this.#skipped,
      failed: this.#failed,
      refined: this.#refined,
      rough: this.#rough,
      missing: [...this.#missing],
    };
  }
}
