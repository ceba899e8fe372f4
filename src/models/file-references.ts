/** Which files a manifest's towers name, and where. */
import type { ModelManifest } from './manifest';
import { variantFiles } from './variant-files';

export interface FileReference {
  /** Path of the field that names the file, such as `text.backends.wasm.0.file`. */
  readonly field: string;
  /** As it is named: a key of the manifest's `files`, or it should be. */
  readonly file: string;
}

/** All references, in the order of the manifest; a file that is named twice is there twice. */
export function fileReferences({
  text,
  image,
}: Pick<ModelManifest, 'text' | 'image'>): FileReference[] {
  const references: FileReference[] = [{ field: 'text.tokenizer', file: text.tokenizer }];
  for (const [tower, { backends }] of Object.entries({ text, image })) {
    for (const device of ['wasm', 'webgpu'] as const) {
      backends[device].forEach((variant, index) => {
        const path = `${tower}.backends.${device}.${String(index)}`;
        for (const { field, file } of variantFiles(variant)) {
          references.push({ field: `${path}.${field}`, file });
        }
      });
    }
  }
  if (image.projector)
    references.push({ field: 'image.projector.file', file: image.projector.file });
  return references;
}
