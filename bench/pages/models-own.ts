/** Our side of the models bench. */
import type { Encoder, OwnRequest } from './models-page';

export async function openOwn({ model, dtype }: OwnRequest): Promise<Encoder> {
  // Imported here, as the other side imports its library: it counts as loading.
  const { createLens } = await import('photoglot');
  const lens = await createLens({
    model: new URL(model, location.href),
    ...(dtype === null ? {} : { dtype: { text: dtype } }),
    // As on the other side, whatever else the device has.
    device: 'wasm',
    // The text tower alone stays in memory; the other side has no image tower.
    memory: 'low',
    unloadAfter: null,
  });
  return {
    threads: lens.info.text.threads,
    async encode(text) {
      return (await lens.embedText([text])).data;
    },
    async check(text) {
      const [outputs] = await lens.encodeText([text], { colbert: true });
      const vectors = outputs?.colbert;
      if (outputs === undefined || !vectors) throw new Error('The text has no token vectors.');
      // A vector for each token but the first.
      return { vector: outputs.dense, tokens: vectors.count + 1 };
    },
  };
}
