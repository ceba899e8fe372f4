/** Which of a model's files a lens needs. */
import type { ModelManifest, TowerVariant } from './manifest';
import { variantFiles } from './variant-files';

/** Names of the files that both towers need, in the form that was picked for each. */
export function lensFiles(
  { text, image }: Pick<ModelManifest, 'text' | 'image'>,
  variants: { readonly text: TowerVariant; readonly image: TowerVariant },
): readonly string[] {
  return [
    ...new Set([...textFiles({ text }, variants.text), ...imageFiles({ image }, variants.image)]),
  ];
}

/** Of the text tower alone. */
function textFiles(
  { text }: Pick<ModelManifest, 'text'>,
  variant: TowerVariant,
): readonly string[] {
  return [text.tokenizer, ...namesOf(variant)];
}

/** Of the image tower alone. */
function imageFiles(
  { image }: Pick<ModelManifest, 'image'>,
  variant: TowerVariant,
): readonly string[] {
  const names = namesOf(variant);
  // Own kernels have a projector of their own among the variant's files.
  const isOwn = variant.engine === 'siglip';
  return image.projector === undefined || isOwn ? names : [...names, image.projector.file];
}

function namesOf(variant: TowerVariant): readonly string[] {
  return variantFiles(variant).map(({ file }) => file);
}
