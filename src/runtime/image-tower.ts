/** The image tower: its graph, behind a pipeline of pictures. */
import { PhotoglotError } from '../errors';
import type { CallContext } from '../protocol/contract-types';
import type {
  ImageTowerContract,
  PictureBatch,
  PictureBatchResult,
  TowerInfo,
  TowerLoad,
} from '../protocol/tower-contract';
import { costOf, shapeOf } from './image-feeds';
import { runPictures } from './image-runner';
import { wasmThreads } from './wasm-threads';
import { loadImageGraphs } from './load-image-graphs';
import { PicturePipeline } from './picture-pipeline';
import { PicturePreparer } from './prepare-picture';
import { PreparingPool } from './preparing-pool';

export class ImageTowerHost implements ImageTowerContract {
  #pipeline: PicturePipeline | null = null;

  async load(load: TowerLoad, context: CallContext<never>): Promise<TowerInfo> {
    const { image: tower, dimension } = load.manifest;
    const preparer = new PicturePreparer(tower);
    const pool = new PreparingPool({ target: tower, local: preparer });
    const options = { ...load, threads: wasmThreads(), context };
    const { ready: graphs, info } = await loadImageGraphs(options, preparer);
    this.#pipeline = new PicturePipeline({
      preparer: pool,
      batch: tower.batch,
      dimension,
      shapeOf: (picture, patches) => shapeOf(tower, picture, patches),
      costOf: (picture) => costOf(tower, picture),
      run: (pictures) => runPictures(graphs, tower, dimension, pictures),
    });
    return info;
  }

  async encode(batch: PictureBatch, { signal }: CallContext<never>): Promise<PictureBatchResult> {
    if (this.#pipeline === null) {
      throw new PhotoglotError('session-failed', 'The image tower is not loaded.');
    }
    return this.#pipeline.encode(batch, signal);
  }
}
