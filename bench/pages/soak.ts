/** Rounds of loading, using and unloading one lens. */
import { createLens, type Lens } from 'photoglot';
import type { SoakPage } from './soak-page';

let lens: Lens | null = null;

const soak: SoakPage = {
  async open(model) {
    lens = await createLens({ model, unloadAfter: null });
    await lens.unload();
    return null;
  },
  async round() {
    if (lens === null) throw new Error('No model is open.');
    const start = performance.now();
    await lens.warmUp();
    await lens.embedText(['a dog on the beach']);
    await lens.embedImage([new ImageData(64, 64)]);
    await lens.unload();
    return performance.now() - start;
  },
};

window.soak = soak;
