/** How patient a model's delivery is with its manifest. Callers take the defaults; tests have less time. */
import { DEFAULT_RULES, type DownloadRules } from './download-rules';

export interface ManifestRules extends DownloadRules {
  /**
   * Milliseconds after which slow servers count as gone where there is a copy to go on with.
   * @default 4000
   */
  readonly patienceMs: number;
}

export const MANIFEST_RULES: ManifestRules = { ...DEFAULT_RULES, patienceMs: 4000 };
