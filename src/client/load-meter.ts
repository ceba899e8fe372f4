/** Adds up what both towers report, so that the page sees one progress that never goes back. */
import type { ModelManifest, TowerVariant } from '../models/manifest';
import type { LoadProgress } from '../protocol/tower-contract';
import type { LensProgress } from './api';

export class LoadMeter {
  readonly #report: (progress: LensProgress) => void;
  readonly #loaded = new Map<string, number>();
  #total = 0;

  constructor(report: (progress: LensProgress) => void) {
    this.#report = report;
    this.#emit('manifest');
  }

  /** Sizes are known from now on. */
  begin({ text, image, files }: ModelManifest, variants: readonly TowerVariant[]): void {
    const used = new Set([text.tokenizer, ...variants.flatMap(filesOf)]);
    if (image.projector !== undefined) used.add(image.projector.file);
    for (const file of used) this.#total += files[file]?.size ?? 0;
    this.#emit('download');
  }

  /** A tower's report. */
  readonly add = ({ file, loaded }: LoadProgress): void => {
    this.#loaded.set(file, Math.max(loaded, this.#loaded.get(file) ?? 0));
    this.#emit(this.#sum() < this.#total ? 'download' : 'session');
  };

  /** Everything is loaded and tested. */
  finish(): void {
    this.#emit('ready');
  }

  #emit(phase: LensProgress['phase']): void {
    try {
      this.#report({ phase, loaded: this.#sum(), total: this.#total });
    } catch (thrown) {
      // The page's own failure: reported there, without harm to the loading.
      reportError(thrown);
    }
  }

  #sum(): number {
    return [...this.#loaded.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
}

function filesOf({ file, data = [] }: TowerVariant): readonly string[] {
  return [file, ...data];
}
