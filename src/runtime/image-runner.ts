/** Prepared pictures → unit rows: the tower's graph, and the projector behind it where there is one. */
import type { ImageTower } from '../models/manifest';
import type { SizedPicture } from '../preprocess/pack-patches';
import type { Rows } from '../protocol/rows';
import { imageFeeds } from './image-feeds';
import type { ModelSession, RunOptions } from './model-session';
import { rowsOf, unitRows } from './output-rows';
import type { TowerSession } from './tower-session';

/** What runs, and in what order. */
export interface ImageGraphs {
  readonly tower: ModelSession;
  /** Null where there is none, or where the tower has it inside. */
  readonly projector: TowerSession | null;
}

/** Pictures of different callers run together, so none of them ends a run. */
const RUN: RunOptions = { signal: new AbortController().signal, shared: false };

/** One unit row per picture, in order. The pictures are of one shape. */
export async function runPictures(
  graphs: ImageGraphs,
  tower: ImageTower,
  dimension: number,
  pictures: readonly SizedPicture[],
): Promise<Rows> {
  const count = pictures.length;
  const [output] = await graphs.tower.run(imageFeeds(tower, pictures), [tower.output], RUN);
  if (graphs.projector === null || tower.projector === undefined) {
    return unitRows(rowsOf(output, count, dimension));
  }
  const { data, dim } = rowsOf(output, count, tower.features ?? dimension);
  const { input, output: name } = tower.projector;
  const features = { type: 'float32', data, dims: [count, dim] } as const;
  const [projected] = await graphs.projector.run({ [input]: features }, [name]);
  return unitRows(rowsOf(projected, count, dimension));
}
