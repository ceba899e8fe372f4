/** Checks in which languages texts will be. */
import { expectThat } from './option-checks';

/** Language subtags, as manifests have them: `de` for `de-AT`. Throws `invalid-input`. */
export function checkLanguages(
  languages: readonly string[] | undefined,
): readonly string[] | undefined {
  if (languages === undefined) return undefined;
  const isList = Array.isArray(languages) && languages.length > 0;
  expectThat(isList, 'languages', 'language tags such as ["de", "ja"]', languages);
  return languages.map(subtag);
}

function subtag(tag: string): string {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    expectThat(false, 'languages', 'language tags such as ["de", "ja"]', tag);
    return tag;
  }
}
