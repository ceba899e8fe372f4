/** A link to a tower that is loaded again when its worker had to be replaced. */
import type {
  ArgsOf,
  ContractShape,
  MethodName,
  ProgressOf,
  ResultOf,
} from '../protocol/contract-types';
import type { LoadProgress, TowerInfo } from '../protocol/tower-contract';
import { untilAborted } from './until-aborted';
import { WorkerLink, type CallOptions } from './worker-link';

/** Loads the tower in the worker behind `link`. */
export type LoadTower<Contract extends ContractShape<Contract>> = (
  link: WorkerLink<Contract>,
  options: CallOptions<LoadProgress>,
) => Promise<TowerInfo>;

export class TowerLink<Contract extends ContractShape<Contract>> {
  readonly #spawn: () => Worker;
  #link: WorkerLink<Contract>;
  #disposed = false;
  #load: LoadTower<Contract> | null = null;
  #loaded: Promise<TowerInfo> | null = null;

  constructor(spawn: () => Worker) {
    this.#spawn = spawn;
    this.#link = this.#newLink();
  }

  /** For calls that need nothing loaded. */
  get link(): WorkerLink<Contract> {
    return this.#link;
  }

  /** Loads the tower, and remembers how. Progress and signal are for this time only. */
  load(load: LoadTower<Contract>, options: CallOptions<LoadProgress>): Promise<TowerInfo> {
    this.#load = load;
    return this.#remember(load(this.#link, options));
  }

  /** Calls a method of the loaded tower; `load` must have been called. */
  async call<Name extends MethodName<Contract>>(
    method: Name,
    args: ArgsOf<Contract[Name]>,
    options: CallOptions<ProgressOf<Contract[Name]>> = {},
  ): Promise<ResultOf<Contract[Name]>> {
    // The loading is for all callers, so one that gives up only stops waiting.
    await untilAborted(this.#ensureLoaded(), options.signal);
    return this.#link.call(method, args, options);
  }

  /** Ends the worker; pending and later calls reject with `disposed`. */
  dispose(): void {
    this.#disposed = true;
    this.#loaded = null;
    this.#link.dispose();
  }

  async #ensureLoaded(): Promise<void> {
    if (this.#load === null) throw new Error('load was not called');
    this.#loaded ??= this.#remember(this.#load(this.#link, {}));
    await this.#loaded;
  }

  /** A failure is not remembered, here or in the worker: ONNX Runtime starts only once in each. */
  #remember(loading: Promise<TowerInfo>): Promise<TowerInfo> {
    this.#loaded = loading;
    loading.catch(() => {
      if (this.#loaded === loading) this.#loaded = null;
      if (this.#disposed) return;
      this.#link.dispose();
      this.#link = this.#newLink();
    });
    return loading;
  }

  #newLink(): WorkerLink<Contract> {
    return new WorkerLink<Contract>(this.#spawn, {
      onCrash: () => {
        this.#loaded = null;
      },
    });
  }
}
