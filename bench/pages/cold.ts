/** From navigation to the first search result, without the driver in between. */
import { createLens } from 'photoglot';

async function firstResult(): Promise<void> {
  const lens = await createLens({ model: 'mini' });
  const collection = await lens.open('cold');
  if ((await collection.count()) === 0) await collection.add([{ id: 'a', text: 'a dog' }]);
  const { hits } = await collection.search('собака');
  if (hits.length !== 1) throw new Error(`The search gave ${hits.length} hits.`);
}

firstResult().then(
  // The clock of the page starts with its navigation.
  () => (window.coldStart = { ms: performance.now(), error: null }),
  (thrown: unknown) => (window.coldStart = { ms: NaN, error: String(thrown) }),
);
