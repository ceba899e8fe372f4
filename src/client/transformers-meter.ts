/** The files of both towers as one progress. */
import { RateMeter } from '../core/rate-meter';
import type { FileProgress } from '../protocol/delivery-contract';
import type { TransformersFile } from '../protocol/transformers-contract';
import type { LensProgress } from './api';
import { LoadMeter } from './load-meter';

const TOWERS = 2;

export class TransformersMeter {
  readonly #meter: LoadMeter;
  readonly #rates = new RateMeter();
  /** By name: what both towers need counts once. */
  readonly #files = new Map<string, FileProgress>();
  #started = false;

  constructor(report: (progress: LensProgress) => void) {
    this.#meter = new LoadMeter((progress) => {
      // A file may come to light when all that were known are there: no phase comes twice.
      const isLate = this.#started && progress.phase === 'download';
      report(isLate ? { ...progress, phase: 'session' } : progress);
    });
  }

  /** A file is on its way, or there. */
  readonly file = (file: TransformersFile): void => {
    this.#files.set(file.name, further(this.#files.get(file.name), file));
    const files = [...this.#files.values()];
    const sum = files.reduce((bytes, file) => bytes + file.loaded, 0);
    const all = files.reduce((bytes, file) => bytes + (file.total ?? 0), 0);
    const { rate, remaining } = this.#rates.progress(sum, all);
    this.#meter.deliver({
      state: 'downloading',
      loaded: sum,
      total: all,
      rate,
      remaining,
      files,
    });
    const complete = files.filter((each) => each.loaded === each.total);
    const graphs = complete.filter((each) => each.name.endsWith('.onnx'));
    // Nothing but the graphs tells that all of a tower is there: they come last.
    const isAll = graphs.length === TOWERS && complete.length === files.length;
    if (!isAll || this.#started) return;
    this.#started = true;
    this.#meter.start();
  };

  /** Both towers are loaded. */
  finish(): void {
    this.#meter.finish();
  }
}

/** How far a file is by all that was told of it: each tower reads it for itself, from its beginning. */
function further(
  known: FileProgress | undefined,
  { name, loaded, total, from }: TransformersFile,
): FileProgress {
  const size = Math.max(known?.total ?? 0, total);
  return {
    name,
    loaded: Math.max(known?.loaded ?? 0, loaded),
    total: size > 0 ? size : null,
    // What one tower has fetched the other may find in the cache.
    from: known?.from === 'network' ? 'network' : from,
  };
}
