/**
 * Rounds of loading, using and unloading one lens, by the page itself: a driver's connection to the
 * browser would keep what the network brings. Each report is answered when memory was measured.
 */
export {};

const query = new URLSearchParams(location.search);
const report = query.get('report') ?? '';

async function tell(what: string): Promise<void> {
  await fetch(report, { method: 'POST', body: what });
}

async function soak(): Promise<void> {
  await tell('empty');
  const { createLens } = await import('photoglot');
  const lens = await createLens({ model: query.get('model') ?? '', unloadAfter: null });
  await lens.unload();
  for (let round = 1; round <= Number(query.get('rounds')); round++) {
    const start = performance.now();
    await lens.warmUp();
    await lens.embedText(['a dog on the beach']);
    await lens.embedImage([new ImageData(64, 64)]);
    await lens.unload();
    await tell(String(Math.round(performance.now() - start)));
  }
}

await soak().catch((thrown: unknown) => tell(`failed: ${String(thrown)}`));
