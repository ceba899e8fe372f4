/** The one lens that the bench page has open. */
import { createLens, type Lens } from 'photoglot';
import type { OpenedModel } from './bench-page';

let current: Lens | null = null;

export async function openModel(assets: string): Promise<OpenedModel> {
  await current?.dispose();
  current = null;
  const lens = await createLens({ model: 'mini', assets });
  current = lens;
  const { model, version, dimension, image } = lens.info;
  return { model, version, dimension, device: image.provider, threads: image.threads };
}

export function currentLens(): Lens {
  if (current === null) throw new Error('No model is open.');
  return current;
}
