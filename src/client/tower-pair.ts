/**
 * The two towers of a model, and which of them may be in memory: both, or in the low-memory profile
 * one at a time. There, loading one waits for the calls of the other and ends its worker first;
 * while both are wanted they take turns, each with all calls that wait.
 */
import type { ContractMethod } from '../protocol/contract-types';
import type {
  ImageTowerContract,
  LoadManifestTower,
  TextTowerContract,
  TowerInfo,
} from '../protocol/tower-contract';
import type { MemoryProfile } from './api';
import { spawnImageWorker, spawnTextWorker } from './spawn';
import { TowerLink, type TowerLinkOptions } from './tower-link';
import type { LoadTower } from './tower-worker';
import { TurnQueue } from './turn-queue';
import type { CallOptions } from './worker-link';

/** Options of a {@link TowerPair}. */
export interface TowerPairOptions {
  readonly memory: MemoryProfile;
  /** Milliseconds without a call after which a tower is unloaded; null for never. */
  readonly unloadAfter: number | null;
  /** Make new workers. @default those of the SDK */
  readonly spawn?: { readonly text: () => Worker; readonly image: () => Worker };
}

/** How each tower is loaded. */
export interface TowerLoaders<Load extends ContractMethod = LoadManifestTower> {
  readonly text: LoadTower<TextTowerContract<Load>>;
  readonly image: LoadTower<ImageTowerContract<Load>>;
}

export class TowerPair<Load extends ContractMethod = LoadManifestTower> {
  readonly text: TowerLink<TextTowerContract<Load>>;
  readonly image: TowerLink<ImageTowerContract<Load>>;
  readonly #memory: MemoryProfile;

  constructor({ memory, unloadAfter, spawn }: TowerPairOptions) {
    const { text, image } = spawn ?? { text: spawnTextWorker, image: spawnImageWorker };
    const turns = memory === 'low' ? new TurnQueue() : undefined;
    const alone = (other: () => { end(): Promise<void> }): TowerLinkOptions =>
      turns === undefined ? { unloadAfter } : { unloadAfter, turns, makeRoom: () => other().end() };
    this.#memory = memory;
    this.text = new TowerLink(
      text,
      alone(() => this.image),
    );
    this.image = new TowerLink(
      image,
      alone(() => this.text),
    );
  }

  /** Loads both and remembers how. Of one at a time the text tower comes last: queries come first. */
  async load(
    loaders: TowerLoaders<Load>,
    options: CallOptions<never>,
  ): Promise<{ readonly text: TowerInfo; readonly image: TowerInfo }> {
    return this.inOrder({
      text: () => this.text.load(loaders.text, options),
      image: () => this.image.load(loaders.image, options),
    });
  }

  /** Has both loaded, in whatever way, in the order of {@link load}. */
  async inOrder<Result>(loads: {
    readonly text: () => Promise<Result>;
    readonly image: () => Promise<Result>;
  }): Promise<{ readonly text: Result; readonly image: Result }> {
    const loadingImage = loads.image();
    if (this.#memory === 'low') await loadingImage;
    const [text, image] = await Promise.all([loads.text(), loadingImage]);
    return { text, image };
  }

  /** Loads what is not there: of one at a time the text tower, which a query needs. */
  async warmUp(signal?: AbortSignal): Promise<void> {
    const image = this.#memory === 'low' ? null : this.image.warmUp(signal);
    await Promise.all([this.text.warmUp(signal), image]);
  }

  /** Ends both workers once their running calls have settled. */
  async unload(): Promise<void> {
    await Promise.all([this.text.unload(), this.image.unload()]);
  }

  /** Ends both workers; pending and later calls reject with `disposed`. */
  dispose(): void {
    this.text.dispose();
    this.image.dispose();
  }
}
