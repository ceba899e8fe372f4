/** Which of a model's files a lens needs. */
import type { ModelManifest, TowerVariant } from './manifest';

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
  { file, data = [] }: TowerVariant,
): readonly string[] {
  return [text.tokenizer, file, ...data];
}

/** Of the image tower alone. */
function imageFiles(
  { image }: Pick<ModelManifest, 'image'>,
  { file, data = [] }: TowerVariant,
): readonly string[] {
  return image.projector === undefined ? [file, ...data] : [file, ...data, image.projector.file];
}
