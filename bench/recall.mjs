/** `npm run bench:recall`: whether searches among a million real vectors find what an exact scan finds. */
import { mkdir, readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { readClasses } from './eval-data.mjs';
import { mean, quantile, rounded } from './metrics.mjs';
import { readNames } from './names.mjs';
import { readOptions, runMain } from './options.mjs';
import { distinctTexts, spreadOver } from './recall-texts.mjs';
import { mixedVectors, pictureVectors, textVectors } from './recall-vectors.mjs';
import { onRecallPage } from './recall-visits.mjs';
import { sharesOf } from './search-figures.mjs';
import { inProfile } from './search-profile.mjs';
import { assetsMounts, openSite, PUBLIC } from './site.mjs';
import { printTable } from './table.mjs';

const OPTIONS = /** @type {const} */ ({
  images: { value: 'DIR', required: true, kind: 'path' },
  names: { value: 'FILE', required: true, kind: 'path' },
  captions: { value: 'DIR', kind: 'path' },
  cache: { value: 'DIR', required: true },
  model: { value: 'DIR', kind: 'model', default: join(PUBLIC, 'models/mini') },
  texts: { value: 'N', kind: 'count', default: '1000000' },
  crops: { value: 'N', kind: 'count', default: '23' },
  mixtures: { value: 'N', kind: 'count', default: '1000000' },
  queries: { value: 'N', kind: 'count', default: '200' },
});

/** @typedef {import('./recall-visits.mjs').RecallCall} RecallCall */
/** @typedef {Awaited<ReturnType<typeof textVectors>>} Vectors */

await runMain(async () => {
  const { values, json } = readOptions('npm run bench:recall --', OPTIONS, process.argv.slice(2));
  const report = await measure({
    images: values['images'] ?? '',
    names: values['names'] ?? '',
    captions: values['captions'],
    cache: values['cache'] ?? '',
    model: values['model'] ?? '',
    texts: Number(values['texts']),
    crops: Number(values['crops']),
    mixtures: Number(values['mixtures']),
    queries: Number(values['queries']),
  });
  if (json) console.log(JSON.stringify(report));
  else print(report);
});

/**
 * @param {{
 *   readonly images: string, readonly names: string, readonly captions: string | undefined,
 *   readonly cache: string, readonly model: string,
 *   readonly texts: number, readonly crops: number, readonly mixtures: number,
 *   readonly queries: number,
 * }} options `crops` of each picture; `mixtures` rows, of which the first are all crops
 */
async function measure(options) {
  const { cache, images, model } = options;
  await mkdir(cache, { recursive: true });
  const site = await openSite([
    { prefix: '/pictures/', folder: images },
    { prefix: '/vectors/', folder: cache },
    ...assetsMounts('/', model),
  ]);
  try {
    const material = await inProfile((profile) =>
      onRecallPage({ profile, site: site.url }, async ({ call, version }) => ({
        ...(await encode(call, options)),
        browser: version,
      })),
    );
    const { texts, pictures, crops, mixtures, names, browser } = material;
    const rows = [];
    for (const { what, rows: file, queries } of [
      { what: 'texts by pictures', rows: texts, queries: pictures },
      { what: 'crops by texts', rows: crops, queries: names },
      { what: 'mixtures of crops by texts', rows: mixtures, queries: names },
    ]) {
      console.error(`${what} …`);
      rows.push({ what, ...(await ask(site.url, file, queries)) });
    }
    return {
      machine: { cpu: cpus()[0]?.model ?? 'unknown', threads: cpus().length, browser },
      rows,
    };
  } finally {
    await site.close();
  }
}

/** @typedef {Awaited<ReturnType<typeof measure>>} RecallReport */

/** Names of files in the cache. @param {RecallCall} call @param {Parameters<typeof measure>[0]} options */
async function encode(call, options) {
  const { images, names: table, captions, cache, texts, queries } = options;
  const { model, version, dimension } = await call('open', { assets: '/' });
  const place = { call, cache, model: `${model}-${version}`, dimension };
  const classes = await readClasses(images);
  const urls = classes.map(({ file }) => `/pictures/${encodeURIComponent(file)}`);
  const english = (await readNames(table, new Set(classes.map(({ synset }) => synset)))).get('eng');
  const asked = spreadOver([...new Set(english?.values())], queries);
  const all = await distinctTexts(table, await captionFiles(captions), texts);
  const crops = await pictureVectors(place, 'crops', urls, options.crops);
  return {
    names: await textVectors(place, 'names', asked),
    pictures: await pictureVectors(place, 'pictures', spreadOver(urls, queries), null),
    texts: await textVectors(place, 'texts', all),
    crops,
    mixtures: await mixedVectors(place, crops, options.mixtures),
  };
}

/** @param {string | undefined} folder */
async function captionFiles(folder) {
  if (folder === undefined) return [];
  const files = (await readdir(folder)).filter((file) => file.endsWith('.gz'));
  return files.sort().map((file) => join(folder, file));
}

/**
 * Keeps the rows in one browser, and asks them in another.
 * @param {string} site @param {Vectors} vectors @param {Vectors} asking
 */
async function ask(site, vectors, asking) {
  const [rows, queries] = [`/vectors/${vectors.file}`, `/vectors/${asking.file}`];
  return inProfile(async (profile) => {
    const place = { profile, site };
    const truth = await onRecallPage(place, async ({ call, rest }) => {
      await call('open', { assets: '/' });
      await call('fill', { rows, count: vectors.rows });
      await rest();
      return call('truth', { rows, queries });
    });
    const { ms, found } = await onRecallPage(place, async ({ call, rest }) => {
      await call('open', { assets: '/' });
      await rest();
      return call('ask', { queries });
    });
    const shares = sharesOf(found, truth);
    return {
      rows: truth.rows,
      queries: found.length,
      recall: rounded(mean(shares)),
      /** Of the queries. */
      allFound: rounded(mean(shares.map((share) => (share === 1 ? 1 : 0)))),
      worst: rounded(Math.min(...shares)),
      p50: rounded(quantile(ms, 0.5)),
    };
  });
}

/** @param {RecallReport} report */
function print({ machine, rows }) {
  console.log(`${machine.cpu}, ${String(machine.threads)} threads; Chromium ${machine.browser}`);
  printTable(
    'What of the exact ten a search finds (or what scores at most 0.001 less)',
    ['', 'rows', 'queries', 'recall@10', 'all ten', 'worst', 'p50, ms'],
    rows.map(({ what, rows: count, queries, recall, allFound, worst, p50 }) => [
      what,
      count,
      queries,
      recall.toFixed(4),
      allFound.toFixed(3),
      worst.toFixed(1),
      p50.toFixed(1),
    ]),
  );
}
