/** The dual encoders that can be run: how transformers.js calls their halves, and what these give. */
import { PhotoglotError } from '../../errors';

/** One half of a dual encoder. */
export interface FamilyTower {
  /** Class of transformers.js; it knows the name of its graph. */
  readonly model:
    | 'CLIPTextModelWithProjection'
    | 'CLIPVisionModelWithProjection'
    | 'SiglipTextModel'
    | 'SiglipVisionModel';
  /** The output in the shared space, `[B,D]`. */
  readonly output: string;
}

export interface ModelFamily {
  readonly text: FamilyTower;
  readonly image: FamilyTower;
  /** SigLIP has no mask: it was trained on texts that were all padded to the full length. */
  readonly padding: 'longest' | 'full';
  /** Of a text, where the configuration does not tell: the default of the Python class. */
  readonly maxTokens: number;
}

const FAMILIES: ReadonlyMap<string, ModelFamily> = new Map<string, ModelFamily>([
  [
    'clip',
    {
      text: { model: 'CLIPTextModelWithProjection', output: 'text_embeds' },
      image: { model: 'CLIPVisionModelWithProjection', output: 'image_embeds' },
      padding: 'longest',
      maxTokens: 77,
    },
  ],
  [
    'siglip',
    {
      text: { model: 'SiglipTextModel', output: 'pooler_output' },
      image: { model: 'SiglipVisionModel', output: 'pooler_output' },
      padding: 'full',
      maxTokens: 64,
    },
  ],
]);

/** The family of a `model_type`; throws `session-failed` for one that is no such encoder. */
export function familyOf(modelType: unknown): ModelFamily {
  const family = typeof modelType === 'string' ? FAMILIES.get(modelType) : undefined;
  if (family !== undefined) return family;
  throw new PhotoglotError(
    'session-failed',
    `A model of type ${JSON.stringify(modelType)} is no dual encoder that is known here. ` +
      `Known types: ${[...FAMILIES.keys()].join(', ')}.`,
  );
}
