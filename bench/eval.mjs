/** `npm run eval`: how well the shipped model finds, measured through the SDK in Chromium. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { callBench, gotoBench, openBrowser } from './browser.mjs';
import { encodePictures, encodeTexts } from './encode.mjs';
import { isScored, isUnseen, readCaptions, readClasses, readEveryday } from './eval-data.mjs';
import { printEval } from './eval-print.mjs';
import {
  nameQueries,
  perturbedQueries,
  reportedLanguages,
  scoreAlone,
  scoreLanguages,
  scorePerturbed,
  scoreUnseen,
  textsOf,
} from './name-queries.mjs';
import { readNames } from './names.mjs';
import { readOptions, runMain } from './options.mjs';
import {
  everydayQueries,
  scoreCaptions,
  scoreEveryday,
  scoreImageToName,
} from './other-queries.mjs';
import { assetsMounts, openSite, PUBLIC } from './site.mjs';

const OPTIONS = /** @type {const} */ ({
  images: { value: 'DIR', required: true, kind: 'path' },
  names: { value: 'FILE', required: true, kind: 'path' },
  everyday: { value: 'DIR', required: true, kind: 'path' },
  captions: { value: 'DIR', kind: 'path' },
  'unseen-model': { value: 'DIR', kind: 'model' },
  model: { value: 'DIR', kind: 'model', default: join(PUBLIC, 'models/mini') },
  limit: { value: 'N', kind: 'count' },
});

await runMain(async () => {
  const { values, json } = readOptions('npm run eval --', OPTIONS, process.argv.slice(2));
  const report = await evaluate({
    images: values['images'] ?? '',
    names: values['names'] ?? '',
    everyday: values['everyday'] ?? '',
    captions: values['captions'],
    model: values['model'] ?? '',
    unseenModel: values['unseen-model'],
    limit: values['limit'] === undefined ? Infinity : Number(values['limit']),
  });
  if (json) console.log(JSON.stringify(report));
  else printEval(report);
});

/**
 * @typedef {{
 *   readonly images: string, readonly names: string, readonly everyday: string,
 *   readonly captions: string | undefined, readonly model: string,
 *   readonly unseenModel: string | undefined, readonly limit: number,
 * }} EvalOptions paths, and how many pictures to look at
 */

/** @typedef {Awaited<ReturnType<typeof readInput>>} Input */

/** @param {EvalOptions} options */
async function evaluate(options) {
  const start = performance.now();
  const input = await readInput(options);
  const site = await openSite([
    { prefix: '/pictures/', folder: options.images },
    { prefix: '/everyday/', folder: join(options.everyday, 'images') },
    ...assetsMounts('/seen/', options.model),
    ...(options.unseenModel === undefined ? [] : assetsMounts('/unseen/', options.unseenModel)),
  ]);
  const { page, close } = await openBrowser();
  try {
    await gotoBench(page, site.url);
    const seen = await evaluateSeen(page, input);
    const { report, vectorOf } = seen;
    const unseenClasses =
      options.unseenModel === undefined
        ? null
        : await evaluateUnseen(page, input, {
            // A frozen text tower is the same file: no need to encode everything again.
            vectorOf: (await sameText(options.model, options.unseenModel)) ? vectorOf : null,
          });
    const { languages, mean, weakest, ceiling, ...others } = report;
    return {
      languages,
      mean,
      unseenClasses,
      ...others,
      sizeBytes: await folderSize(options.model),
      weakest,
      ceiling,
      ...(options.limit < input.allClasses ? { partial: { pictures: input.classes.length } } : {}),
      seconds: Math.round((performance.now() - start) / 1000),
    };
  } finally {
    await close();
    await site.close();
  }
}

/** @param {EvalOptions} options */
async function readInput({ images, names: table, everyday: folder, captions, limit }) {
  const all = await readClasses(images);
  const everyday = await readEveryday(folder, limit);
  const synsets = [...all, ...everyday.categories].map(({ synset }) => synset);
  const names = await readNames(table, new Set(synsets));
  const languages = reportedLanguages(names, all);
  const classes = all.slice(0, limit);
  const english = classes.flatMap(({ index, synset }) => {
    const name = names.get('eng')?.get(synset);
    return name === undefined ? [] : [/** @type {const} */ ([index, name])];
  });
  const plain = nameQueries(names, languages, classes.filter(isScored));
  return {
    classes,
    allClasses: all.length,
    english: new Map(english),
    plain,
    known: nameQueries(
      names,
      languages,
      classes.filter((one) => isScored(one) && !isUnseen(one)),
    ),
    unseen: nameQueries(names, languages, classes.filter(isUnseen)),
    perturbed: perturbedQueries(plain),
    everyday,
    everydayQueries: everydayQueries(everyday, names),
    captions: captions === undefined ? null : await readCaptions(captions, limit),
  };
}

/** @param {import('./browser.mjs').Page} page @param {Input} input */
async function evaluateSeen(page, input) {
  const model = await callBench(page, 'open', { assets: '/seen/' });
  const { dimension: dim } = model;
  const pictures = await encodePictures(page, dim, pictureUrls(input));
  const photos = await encodePictures(
    page,
    dim,
    input.everyday.files.map((file) => `/everyday/${encodeURIComponent(file)}`),
  );
  const vectorOf = await encodeTexts(page, dim, [
    ...textsOf(input.plain),
    ...Object.values(input.perturbed).flatMap((all) =>
      all.flatMap(({ pairs }) => pairs.map(({ text }) => text)),
    ),
    ...input.everydayQueries.flatMap(({ queries }) => queries.map(({ text }) => text)),
    ...input.english.values(),
    ...(input.captions?.english ?? []),
    ...(input.captions?.others.flatMap(({ queries }) => queries) ?? []),
  ]);
  const english = input.plain.find(({ language }) => language === 'eng')?.queries ?? [];
  const alone = await encodeTexts(page, dim, textsOf([{ language: 'eng', queries: english }]), 1);
  const report = {
    ...scoreLanguages(pictures, input.plain, vectorOf),
    perturbed: scorePerturbed(pictures, input.perturbed, vectorOf),
    everyday: scoreEveryday(photos, input.everydayQueries, vectorOf),
    textToText: input.captions === null ? null : scoreCaptions(input.captions, vectorOf, dim),
    imageToName: scoreImageToName(
      pictures,
      input.classes.filter(isScored),
      input.english,
      vectorOf,
    ),
    encodedAlone: scoreAlone(pictures, english, vectorOf, alone),
    model,
  };
  return { report, vectorOf };
}

/**
 * With the second set of weights; `languages` shows what they cost on what they know.
 * @param {import('./browser.mjs').Page} page @param {Input} input
 * @param {{ readonly vectorOf: import('./encode.mjs').VectorOf | null }} text
 */
async function evaluateUnseen(page, input, { vectorOf: given }) {
  const { dimension: dim } = await callBench(page, 'open', { assets: '/unseen/' });
  const pictures = await encodePictures(page, dim, pictureUrls(input));
  const vectorOf = given ?? (await encodeTexts(page, dim, textsOf(input.plain)));
  return {
    ...scoreUnseen(pictures, input.unseen, vectorOf),
    languages: scoreLanguages(pictures, input.plain, vectorOf).mean,
    knownOnly: scoreLanguages(pictures, input.known, vectorOf).mean,
  };
}

/** @param {Input} input */
function pictureUrls({ classes }) {
  return classes.map(({ file }) => `/pictures/${encodeURIComponent(file)}`);
}

/** @param {string} one model folder @param {string} other */
async function sameText(one, other) {
  const [a, b] = await Promise.all([one, other].map(textDigests));
  return a === b;
}

/** @param {string} folder */
async function textDigests(folder) {
  const { files, text } = /** @type {import('../src/models/manifest.ts').ModelManifest} */ (
    JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
  );
  const used = [text.tokenizer, text.backends.wasm[0]?.file ?? ''].map(
    (name) => files[name]?.sha256,
  );
  return JSON.stringify([used, text.maxTokens, text.padId]);
}

/** Bytes of all files below. @param {string} folder @returns {Promise<number>} */
async function folderSize(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @typedef {Awaited<ReturnType<typeof evaluate>>} EvalReport */
