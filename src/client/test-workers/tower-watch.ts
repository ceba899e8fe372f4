/** Watches the workers of the towers: how many were spawned, and who was alive when each was. */

const TOWERS = ['photoglot-text', 'photoglot-image'];

/** How many workers of towers live: each holds a lock. */
export async function aliveTowers(): Promise<number> {
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name = '' }) => name.startsWith('photoglot-resident-')).length;
}

export class TowerWatch {
  /** Names of the towers' workers, in the order of their births. */
  readonly spawned: string[] = [];
  readonly #before: Promise<number>[] = [];
  readonly #workers: Worker[] = [];
  readonly #real = globalThis.Worker;

  /** Called at each birth. */
  onSpawn: () => void = () => undefined;

  /** From now on, for all workers of this page. */
  start(): void {
    const note = (worker: Worker, name: string): void => {
      if (!TOWERS.includes(name)) return;
      this.#workers.push(worker);
      this.spawned.push(name.slice('photoglot-'.length));
      // Asked at once, long before the new worker can hold a lock itself.
      this.#before.push(aliveTowers());
      this.onSpawn();
    };
    const Real = this.#real;
    globalThis.Worker = class extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        note(this, options?.name ?? '');
      }
    };
  }

  stop(): void {
    globalThis.Worker = this.#real;
  }

  /** For each tower worker, how many others were alive before it. */
  aliveBefore(): Promise<readonly number[]> {
    return Promise.all(this.#before);
  }

  /** Ends all workers of towers as if the browser had killed them. */
  terminateAll(): void {
    for (const worker of this.#workers) worker.terminate();
  }

  /** Forgets what was spawned so far. */
  reset(): void {
    this.spawned.length = 0;
    this.#before.length = 0;
  }
}
