/** Prepared pictures → unit rows: the tower's graph, and the projector behind it where there is one. */
import type { ImageTower } from '../models/manifest';
import type { SizedPicture } from '../preprocess/pack-patches';
import type { Rows } from '../protocol/rows';
import { imageFeeds } from './image-feeds';
import { rowsOf, unitRows } from './output-rows';
import type { TowerSession } from './tower-session';

/** What runs, and in what order. */
export interface ImageGraphs {
  readonly tower: TowerSession;
  readonly projector: TowerSession | null;
}

/** One unit row per picture, in order. The pictures are of one shape. */
export async function runPictures(
  graphs: ImageGraphs,
  tower: ImageTower,
  dimension: number,
  pictures: readonly SizedPicture[],
): Promise<Rows> {
  const count = pictures.length;
  const [output] = await graphs.tower.run(imageFeeds(tower, pictures), [tower.output]);
  if (graphs.projector === null || tower.projector === undefined) {
    return unitRows(rowsOf(output, count, dimension));
  }
  const { data, dim } = rowsOf(output, count, tower.features ?? dimension);
  const { input, output: name } = tower.projector;
  const features = { type: 'float32', data, dims: [count, dim] } as const;
  const [projected] = await graphs.projector.run({ [input]: features }, [name]);
  return unitRows(rowsOf(projected, count, dimension));
}
