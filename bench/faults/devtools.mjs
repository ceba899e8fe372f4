/** What only the browser's own tools can bring about: a disk that is (nearly) full, or cleared. */

/** @typedef {import('./fault-bench.mjs').FaultBench} FaultBench */

/** Holds as long as the tab lives, for all tabs. @param {FaultBench} bench @param {number} quotaSize bytes */
export async function setQuota(bench, quotaSize) {
  const session = await bench.browser.context.newCDPSession(bench.tab.page);
  const { origin } = new URL(bench.site.url);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
}

/** As a user who deletes the site's data, while its pages are open. @param {FaultBench} bench */
export async function clearDatabases(bench) {
  const session = await bench.browser.context.newCDPSession(bench.tab.page);
  const { origin } = new URL(bench.site.url);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
}
