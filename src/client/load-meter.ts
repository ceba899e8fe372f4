/** What a page sees of loading a model: one progress, which only goes back where a file starts anew. */
import type { DeliveryProgress } from '../protocol/delivery-contract';
import type { LensProgress } from './api';

const NOTHING: DeliveryProgress = {
  state: 'downloading',
  loaded: 0,
  total: 0,
  rate: 0,
  remaining: null,
  files: [],
};

export class LoadMeter {
  readonly #report: (progress: LensProgress) => void;
  /** What deliveries that have ended brought. */
  #before = NOTHING;
  #delivery = NOTHING;

  constructor(report: (progress: LensProgress) => void) {
    this.#report = report;
    this.#emit('manifest');
  }

  /** The files are on their way. */
  readonly deliver = (delivery: DeliveryProgress): void => {
    const { loaded, total, files } = this.#before;
    this.#delivery = {
      ...delivery,
      loaded: loaded + delivery.loaded,
      total: total + delivery.total,
      files: [...files, ...delivery.files],
    };
    this.#emit('download');
  };

  /** Another delivery follows, of other files: they add to those that are there. */
  readonly more = (): void => {
    this.#before = this.#delivery;
  };

  /** All files are there; the towers start. */
  start(): void {
    this.#delivery = { ...this.#delivery, rate: 0, remaining: null };
    this.#emit('session');
  }

  /** Everything is loaded and tested. */
  finish(): void {
    this.#emit('ready');
  }

  #emit(phase: LensProgress['phase']): void {
    try {
      this.#report({ phase, ...this.#delivery });
    } catch (thrown) {
      // The page's own failure: reported there, without harm to the loading.
      reportError(thrown);
    }
  }
}
