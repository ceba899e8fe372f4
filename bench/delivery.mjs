/** `npm run bench:delivery`: from the cache to a session, beside transformers.js, on the same bytes. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachingPeakMB } from './caching-memory.mjs';
import { printDelivery } from './delivery-print.mjs';
import { rounded, spread } from './metrics.mjs';
import { readOptions, runMain, UsageError } from './options.mjs';
import { installPeers, peerMounts, peerVersions } from './peers.mjs';
import { megabytesAbove, openProfile, settledMemory, withPeak } from './profile-browser.mjs';
import { openSite, PUBLIC } from './site.mjs';
import { peerVariant, readManifest } from './text-variant.mjs';

const OPTIONS = /** @type {const} */ ({
  runs: { value: 'N', kind: 'count', default: '5' },
  out: { value: 'FILE' },
});
const COMMAND = 'npm run bench:delivery -- MODEL_DIR';
/** A disk or a machine may be slow; this only bounds a hang. */
const LONGEST_MS = 600_000;
const SIDES = /** @type {const} */ (['photoglot', 'transformers']);

/** @typedef {(typeof SIDES)[number]} Side */
/** @typedef {import('./pages/delivery-page.ts').DeliveryRequest} DeliveryRequest */
/** @typedef {import('./pages/delivery-page.ts').LoadTimes} LoadTimes */

await runMain(async () => {
  const { values, json, rest } = readOptions(COMMAND, OPTIONS, process.argv.slice(2));
  const [folder] = rest;
  if (folder === undefined) throw new UsageError(`Name a model folder: ${COMMAND}`);
  const report = await compare(folder, Number(values['runs']));
  if (values['out'] !== undefined) await writeFile(values['out'], JSON.stringify(report, null, 2));
  if (json) console.log(JSON.stringify(report));
  else printDelivery(report);
});

/** @param {string} folder @param {number} runs */
async function compare(folder, runs) {
  const request = await requestOf(folder);
  installPeers();
  const site = await openSite([
    { prefix: '/model/', folder },
    { prefix: '/ort/', folder: join(PUBLIC, 'ort') },
    ...(await peerMounts(folder, request.files.tokenizer)),
  ]);
  const profile = await mkdtemp(join(tmpdir(), 'photoglot-delivery-'));
  const full = { ...request, model: new URL('model/', site.url).href };
  try {
    /** @type {Record<Side, number | null>} */
    const caching = { photoglot: null, transformers: null };
    let browser = 'unknown';
    for (const side of SIDES) {
      console.error(`${side}: caching …`);
      caching[side] = await cachingPeakMB({ profile, site: site.url, side, request: full });
    }
    /** @type {Record<Side, { times: LoadTimes, peakMB: number | null }[]>} */
    const loads = { photoglot: [], transformers: [] };
    for (let run = 0; run < runs; run++) {
      // In turns, and each first as often: a busy minute of the machine then hits both.
      for (const side of run % 2 === 0 ? SIDES : SIDES.toReversed()) {
        const { times, peakMB, version } = await loadOnce(profile, site.url, side, full);
        browser = version;
        loads[side].push({ times, peakMB });
        console.error(`run ${String(run + 1)}, ${side}: ${String(Math.round(times.readyMs))} ms`);
      }
    }
    const sides = {
      photoglot: summary(loads.photoglot),
      transformers: summary(loads.transformers),
    };
    const ours = sides.photoglot.readyMs.median;
    const theirs = sides.transformers;
    return {
      machine: { cpu: cpus()[0]?.model ?? 'unknown', threads: cpus().length, browser },
      peer: peerVersions(),
      bytes: await bytesOf(folder, request),
      cachingPeakMB: caching,
      ...sides,
      /** Ours with self-test and tokenizer, theirs without both: the stricter one. */
      ratioToSession: rounded(ours / (theirs.sessionMs?.median ?? NaN)),
      ratioToReady: rounded(ours / theirs.readyMs.median),
    };
  } finally {
    await site.close();
    // The browser may still be writing while it ends.
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @typedef {Awaited<ReturnType<typeof compare>>} DeliveryReport */
/** @typedef {ReturnType<typeof spread>} Spread */

/**
 * Loads in a browser started for it; the peak is above the page after a first load.
 * @param {string} profile @param {string} siteUrl @param {Side} side @param {DeliveryRequest} request
 */
async function loadOnce(profile, siteUrl, side, request) {
  const { page, root, version, close } = await openProfile(profile);
  try {
    page.setDefaultTimeout(LONGEST_MS);
    await page.goto(new URL('delivery.html', siteUrl).href);
    await page.waitForFunction(() => window.delivery !== undefined);
    await callSide(page, { side, step: 'prepare', request });
    const idle = await settledMemory(root);
    const { result, peak } = await withPeak(root, () =>
      callSide(page, { side, step: 'load', request }),
    );
    if (result === null) throw new Error('The page gave no times.');
    return { times: result, peakMB: megabytesAbove(peak, idle), version };
  } finally {
    await close();
  }
}

/**
 * What the page gives; null for nothing.
 * @param {import('playwright').Page} page
 * @param {{ readonly side: Side, readonly step: 'prepare' | 'load', readonly request: DeliveryRequest }} call
 */
function callSide(page, call) {
  return page.evaluate(async ({ side, step, request }) => {
    const offered = window.delivery?.[side];
    if (offered === undefined) throw new Error('The page is not ready.');
    return (await offered[step](request)) ?? null;
  }, call);
}

/** @param {readonly { times: LoadTimes, peakMB: number | null }[]} loads */
function summary(loads) {
  const sessions = loads.flatMap(({ times }) => times.sessionMs ?? []);
  const peaks = loads.flatMap(({ peakMB }) => peakMB ?? []);
  return {
    sessionMs: sessions.length === 0 ? null : spread(sessions),
    readyMs: spread(loads.map(({ times }) => times.readyMs)),
    peakMB: peaks.length === 0 ? null : spread(peaks),
  };
}

/** The first text variant for WASM. @param {string} folder @returns {Promise<Omit<DeliveryRequest, 'model'>>} */
async function requestOf(folder) {
  const manifest = await readManifest(folder);
  const { files } = peerVariant(manifest);
  return { files, texts: manifest.golden.text.map(({ input }) => input) };
}

/** @param {string} folder @param {Omit<DeliveryRequest, 'model'>} request */
async function bytesOf(folder, { files: { graph, data } }) {
  const sizes = await Promise.all([graph, ...data].map((name) => stat(join(folder, name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
