/** Which packs of words a text tower is loaded with. */
import { PhotoglotError } from '../errors';
import type { ModelManifest, TextTower, TowerVariant, WordPack } from './manifest';

/**
 * The manifest with only those packs that the languages need. Where words do not come in packs, all
 * languages are there anyway. Throws `invalid-input` for a language that no pack is for.
 *
 * @param languages subtags such as `ja` (BCP 47); undefined for all
 */
export function pickLanguages(
  manifest: ModelManifest,
  languages: readonly string[] | undefined,
): ModelManifest {
  if (languages === undefined) return manifest;
  const { text } = manifest;
  checkOffered(text, languages);
  const limited = (variant: TowerVariant): TowerVariant =>
    variant.rows === undefined ? variant : { ...variant, rows: needed(variant.rows, languages) };
  const { wasm, webgpu } = text.backends;
  const backends = { wasm: wasm.map(limited), webgpu: webgpu.map(limited) };
  return { ...manifest, text: { ...text, backends } };
}

function needed(packs: readonly WordPack[], languages: readonly string[]): readonly WordPack[] {
  return packs.filter(
    ({ languages: own }) => own === undefined || own.some((each) => languages.includes(each)),
  );
}

function checkOffered({ backends }: TextTower, languages: readonly string[]): void {
  const packs = [...backends.wasm, ...backends.webgpu].flatMap(({ rows }) => rows ?? []);
  if (packs.length === 0) return;
  const offered = new Set(packs.flatMap((pack) => pack.languages ?? []));
  const unknown = languages.find((language) => !offered.has(language));
  if (unknown === undefined) return;
  throw new PhotoglotError(
    'invalid-input',
    `The model has no pack of words for the language "${unknown}"; it has some for ` +
      `${[...offered].sort().join(', ')}. Leave "languages" out to load all words.`,
  );
}
