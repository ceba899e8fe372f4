/**
 * The crash-loop breaker: a model that is too large for a device takes the page down while it is
 * loaded, and a page that loads it at its start goes down again and again. So each load leaves a
 * mark, and the next one counts those that dead tabs have left. Where marks cannot be kept (no
 * storage, no locks) there is no guard: it must never be in the way of a load.
 */
import { beginAttempt, deadAttempts, removeMarks, type Attempt } from './load-marks';

export class CrashGuard {
  readonly #modelUrl: string;
  readonly #dead: readonly string[];

  private constructor(modelUrl: string, dead: readonly string[]) {
    this.#modelUrl = modelUrl;
    this.#dead = dead;
  }

  /** Looks for what dead tabs have left. Never rejects. */
  static async of(modelUrl: string): Promise<CrashGuard> {
    const dead = await deadAttempts(modelUrl).catch(() => []);
    return new CrashGuard(modelUrl, dead);
  }

  /** How many tabs have died while they loaded this model, since it was last loaded. */
  get deadAttempts(): number {
    return this.#dead.length;
  }

  /**
   * Does what may bring the page down. When that succeeds, the dead are forgotten; when it fails,
   * only the mark of this attempt is removed.
   */
  async watch<Result>(load: () => Promise<Result>): Promise<Result> {
    const attempt = await this.#begin();
    try {
      const result = await load();
      this.#forget();
      return result;
    } finally {
      attempt?.end();
    }
  }

  async #begin(): Promise<Attempt | null> {
    try {
      return await beginAttempt(this.#modelUrl);
    } catch {
      return null;
    }
  }

  #forget(): void {
    try {
      removeMarks(this.#dead);
    } catch {
      // Storage that was taken away meanwhile has no marks either.
    }
  }
}
