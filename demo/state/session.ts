/** The model and the collection: loaded once, asked for by everything else. */
import { createLens, type Collection, type DeviceOption, type Lens } from 'photoglot';
import { LOADING, type AppState } from './app-state';
import { problemOf } from './problem';
import type { Store } from './store';

export interface Opened {
  readonly lens: Lens;
  readonly photos: Collection;
}

const MODEL = 'mini';
const COLLECTION = 'demo';

export class Session {
  readonly #store: Store<AppState>;
  readonly #device: DeviceOption;
  readonly #waiting = new Set<(opened: Opened) => void>();
  #opened: Opened | null = null;
  /** Bytes of the model, as progress reports them. */
  #bytes = 0;

  constructor(store: Store<AppState>, device: DeviceOption) {
    this.#store = store;
    this.#device = device;
  }

  /** Loads the model; a failure goes into the state, and `load` may be called again. */
  async load(): Promise<Opened | null> {
    this.#store.patch({ model: LOADING });
    try {
      const opened = await this.#open();
      this.#opened = opened;
      this.#store.patch({ model: { kind: 'ready', info: opened.lens.info, bytes: this.#bytes } });
      for (const resolve of this.#waiting) resolve(opened);
      this.#waiting.clear();
      return opened;
    } catch (thrown) {
      this.#store.patch({ model: { kind: 'failed', problem: problemOf(thrown) } });
      return null;
    }
  }

  /** Resolves when the model is there, be it after several attempts; rejects on abort. */
  whenOpen(signal: AbortSignal): Promise<Opened> {
    if (this.#opened !== null) return Promise.resolve(this.#opened);
    return new Promise((resolve, reject) => {
      this.#waiting.add(resolve);
      signal.addEventListener('abort', () => {
        this.#waiting.delete(resolve);
        reject(new DOMException('The wait for the model was given up.', 'AbortError'));
      });
    });
  }

  /** Loads again what was unloaded while nobody searched. A search that follows would do so, too. */
  warmUp(): void {
    this.#opened?.lens.warmUp().catch(() => undefined);
  }

  async #open(): Promise<Opened> {
    const lens = await createLens({
      model: MODEL,
      device: this.#device,
      onProgress: ({ loaded, total, remaining, state }) => {
        if (this.#store.state.model.kind !== 'loading') return;
        this.#bytes = Math.max(this.#bytes, total);
        const elsewhere = state === 'waiting-for-other-tab';
        this.#store.patch({ model: { kind: 'loading', loaded, total, remaining, elsewhere } });
      },
    });
    try {
      return { lens, photos: await lens.open(COLLECTION) };
    } catch (thrown) {
      await lens.dispose();
      throw thrown;
    }
  }
}
