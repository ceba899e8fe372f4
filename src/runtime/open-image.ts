/** The session of an image tower, by what runs it. */
import { QueryFlag } from '../protocol/query-flag';
import type { TowerLoad } from '../protocol/tower-contract';
import { givingWay } from './kernels/give-way';
import { openOnnx, towerFile } from './load-tower';
import type { ModelSession } from './model-session';
import { SiglipSession } from './siglip/siglip-session';

/** On so many threads; rejects as the sessions do. Own kernels give way to queries. */
export async function openImage(
  load: TowerLoad,
  threads: number,
  signal: AbortSignal,
): Promise<ModelSession> {
  const { variant, manifest, queries = null } = load;
  const isOwn = variant.engine === 'siglip';
  const flag = queries === null ? null : new QueryFlag(queries);
  if (flag !== null) flag.heeded = isOwn;
  if (!isOwn) return openOnnx(load, threads);
  const fileOf = (path: string): { path: string; blob: Blob } => ({
    path,
    blob: towerFile(load, path),
  });
  return SiglipSession.create({
    model: fileOf(variant.file),
    projector: variant.projector === undefined ? null : fileOf(variant.projector),
    tower: manifest.image,
    threads,
    signal,
    ...(flag && {
      held: (pool) =>
        givingWay(pool, () => {
          flag.wait();
        }),
    }),
  });
}
