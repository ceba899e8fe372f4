/** The one lens that the bench page has open. */
import { createLens, type Collection, type Lens } from 'photoglot';
import type { OpenedModel, OpenRequest } from './bench-page';

let current: Lens | null = null;

export async function openModel({ assets, imageDtype }: OpenRequest): Promise<OpenedModel> {
  await current?.dispose();
  current = null;
  const lens = await createLens({
    model: 'mini',
    assets,
    ...(imageDtype === undefined ? {} : { dtype: { image: imageDtype } }),
  });
  current = lens;
  const { model, version, dimension, image } = lens.info;
  const { provider, dtype, threads } = image;
  return { model, version, dimension, device: provider, imageDtype: dtype, threads };
}

export function currentLens(): Lens {
  if (current === null) throw new Error('No model is open.');
  return current;
}

/** One for each model: a collection takes no vectors of another. */
export async function emptyCollection(name: string): Promise<Collection> {
  const lens = currentLens();
  const { model, version } = lens.info;
  const collection = await lens.open(`${name}-${model}-${version}`);
  await collection.clear();
  return collection;
}
