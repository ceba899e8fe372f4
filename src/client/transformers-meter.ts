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

  constructor(report: (progress: LensProgress) => void) {
    this.#meter = new LoadMeter(report);
  }

  /** A file is on its way, or there. */
  readonly file = ({ name, loaded, total, from }: TransformersFile): void => {
    this.#files.set(name, { name, loaded, total: total > 0 ? total : null, from });
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
    if (graphs.length === TOWERS && complete.length === files.length) this.#meter.start();
  };

  /** Both towers are loaded. */
  finish(): void {
    this.#meter.finish();
  }
}
