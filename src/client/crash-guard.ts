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
  #attempt: Promise<Attempt | null> | null = null;
  #running = 0;

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

  /** Loads all of the model. When that succeeds, the dead are forgotten. */
  async watch<Result>(load: () => Promise<Result>): Promise<Result> {
    const result = await this.mark(load);
    this.forget();
    return result;
  }

  /**
   * Does what may bring the page down, a tower that is loaded again say. Whatever comes of it, the
   * page survived: the mark is removed. What is done at the same time shares one mark.
   */
  async mark<Result>(load: () => Promise<Result>): Promise<Result> {
    this.#running++;
    this.#attempt ??= this.#begin();
    await this.#attempt;
    try {
      return await load();
    } finally {
      this.#running--;
      if (this.#running === 0) {
        const attempt = this.#attempt;
        this.#attempt = null;
        (await attempt)?.end();
      }
    }
  }

  /** The dead do not count any more. */
  forget(): void {
    try {
      removeMarks(this.#dead);
    } catch {
      // Storage that was taken away meanwhile has no marks either.
    }
  }

  async #begin(): Promise<Attempt | null> {
    try {
      return await beginAttempt(this.#modelUrl);
    } catch {
      return null;
    }
  }
}
