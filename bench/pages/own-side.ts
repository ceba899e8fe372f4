/** Our side of the delivery bench. */
import { createLens, openModelCache, type Lens } from 'photoglot';
import type { DeliveryRequest, DeliverySide, LoadTimes } from './delivery-page';

let lens: Lens | null = null;

export const photoglot: DeliverySide = {
  async download(request) {
    const models = openModelCache();
    await models.download(request.model, { files: filesOf(request) });
    models.dispose();
  },

  async prepare({ model }) {
    lens = await createLens({ model, memory: 'low', unloadAfter: null });
    await lens.unload();
  },

  /** With one tower at a time, warming up loads the text tower alone: with its self-test. */
  async load(request): Promise<LoadTimes> {
    const start = performance.now();
    // What a page that has just been opened does before: it looks up what is kept.
    const models = openModelCache();
    await models.download(request.model, { files: filesOf(request) });
    models.dispose();
    await lens?.warmUp();
    return { sessionMs: null, readyMs: performance.now() - start };
  },
};

function filesOf({ files: { graph, data, tokenizer } }: DeliveryRequest): readonly string[] {
  return [graph, ...data, tokenizer];
}
