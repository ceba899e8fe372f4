/** When to ask a host again, and when to give it up: bounded, and never in step with other clients. */
import type { DownloadRules } from './download-rules';
import type { HostFailure } from './host-failure';

export class RetryPolicy {
  readonly #rules: DownloadRules;
  readonly #random: () => number;
  #failures = 0;
  #gained = 0;

  /** @param random from 0 to 1 */
  constructor(rules: DownloadRules, random: () => number = Math.random) {
    this.#rules = rules;
    this.#random = random;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait before the host is asked again; null to give it up. */
  failed({ again }: HostFailure): number | null {
    this.#failures += 1;
    const { failures, backoffMs, longestBackoffMs, longestRetryAfterMs } = this.#rules;
    if (again === 'never' || this.#failures >= failures) return null;
    if (again !== null && again > longestRetryAfterMs) return null;
    const longest = Math.min(longestBackoffMs, backoffMs * 2 ** (this.#failures - 1));
    return Math.max(again ?? 0, this.#random() * longest);
  }

  /** New bytes: a host that delivers, if only in pieces, is not given up. */
  gained(bytes: number): void {
    this.#gained += bytes;
    if (this.#gained >= this.#rules.forgivingBytes) this.reset();
  }

  /** A chunk is kept, or another host is asked. */
  reset(): void {
    this.#failures = 0;
    this.#gained = 0;
  }
}
