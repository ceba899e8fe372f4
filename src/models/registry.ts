/** The models that this release knows by name. */
import { PhotoglotError } from '../errors';

/** Where to find a model. */
export interface RegisteredModel {
  readonly id: string;
  /** Folder of its `manifest.json`, relative to the assets folder, ending in `/`. */
  readonly path: string;
}

const MODELS: ReadonlyMap<string, RegisteredModel> = new Map(
  [{ id: 'mini', path: 'models/mini/' }].map((model) => [model.id, model]),
);

/** Whether `model` is the address of a folder rather than a name. */
export function isModelAddress(model: string): boolean {
  return /[/:]/.test(model);
}

/** The model of that name; throws `model-not-found` naming those there are. */
export function findModel(id: string): RegisteredModel {
  const model = MODELS.get(id);
  if (model !== undefined) return model;
  throw new PhotoglotError(
    'model-not-found',
    `There is no model "${id}". Known models: ${[...MODELS.keys()].join(', ')}. ` +
      'Another one is given by the URL of its folder, such as "/models/bge-siglip/".',
  );
}
