/** `npm run bench:cutoff`: what a search returns for what is not there, through the SDK in Chromium. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from './browser.mjs';
import { figuresOf, roundsOf } from './cutoff-rounds.mjs';
import { isScored, readClasses, readEveryday } from './eval-data.mjs';
import { mean, rounded } from './metrics.mjs';
import { readNames } from './names.mjs';
import { readOptions, runMain } from './options.mjs';
import { openSite, PUBLIC } from './site.mjs';
import { printTable } from './table.mjs';

const OPTIONS = /** @type {const} */ ({
  images: { value: 'DIR', required: true, kind: 'path' },
  names: { value: 'FILE', required: true, kind: 'path' },
  everyday: { value: 'DIR', kind: 'path' },
  model: { value: 'DIR', kind: 'model', default: join(PUBLIC, 'models/mini') },
});
/** The first is what the figures of the whole half are of. */
const LANGUAGES = ['eng', 'deu', 'fra', 'rus', 'cmn', 'jpn', 'arb', 'hin'];
/** The synsets of dog breeds lie between these. */
const BREEDS = ['02085620-n', '02113978-n'];
const TEN = 10;

/** @typedef {import('./browser.mjs').Page} Page */
/** @typedef {import('./cutoff-rounds.mjs').Named} Named */
/** @typedef {import('./cutoff-rounds.mjs').Round} Round */
/** @typedef {number | 'auto'} Cutoff */

/** Absolute paths on the bench's site. */
const picturePath = (/** @type {string} */ file) => `/pictures/${encodeURIComponent(file)}`;
const photoPath = (/** @type {string} */ file) => `/everyday/${encodeURIComponent(file)}`;

await runMain(async () => {
  const { values, json } = readOptions('npm run bench:cutoff --', OPTIONS, process.argv.slice(2));
  const report = await measure({
    images: values['images'] ?? '',
    names: values['names'] ?? '',
    everyday: values['everyday'],
    model: values['model'] ?? '',
  });
  if (json) console.log(JSON.stringify(report));
  else print(report);
});

/**
 * @param {{ readonly images: string, readonly names: string, readonly everyday: string | undefined,
 *   readonly model: string }} options
 */
async function measure({ images, names: table, everyday: folder, model }) {
  const classes = await readClasses(images);
  const names = await readNames(table, new Set(classes.map(({ synset }) => synset)));
  const everyday = folder === undefined ? null : await readEveryday(folder, Infinity);
  const site = await openSite([
    { prefix: '/pictures/', folder: images },
    ...(folder === undefined ? [] : [{ prefix: '/everyday/', folder: join(folder, 'images') }]),
    { prefix: '/seen/models/mini/', folder: model },
    { prefix: '/seen/ort/', folder: join(PUBLIC, 'ort') },
    {
      prefix: '/bare/models/mini/',
      folder: model,
      replaced: { 'manifest.json': await withoutCalibration(model) },
    },
    { prefix: '/bare/ort/', folder: join(PUBLIC, 'ort') },
  ]);
  const { page, close } = await openBrowser();
  try {
    await page.goto(new URL('cutoff.html', site.url).href);
    await page.waitForFunction(() => window.cutoff !== undefined);
    const pictures = classes.map(({ file }) => picturePath(file));
    const named = (
      /** @type {string} */ language,
      /** @type {readonly typeof classes[number][]} */ of,
    ) =>
      of.flatMap(({ synset, file }) => {
        const text = names.get(language)?.get(synset);
        return text === undefined ? [] : [{ text, picture: picturePath(file) }];
      });
    const scored = classes.filter(isScored);
    console.error('Indexing …');
    const name = await call(page, 'fill', { assets: '/seen/', pictures });
    console.error('Asking …');
    const english = named('eng', scored);
    const report = {
      model: name,
      scored: await ask(page, roundsOf(english, 'two of five'), 'auto'),
      all: await ask(page, roundsOf(named('eng', classes), 'one of five'), 'auto'),
      languages: await inOrder(LANGUAGES, async (language) => {
        const [round] = roundsOf(named(language, scored), 'two of five');
        return { language, ...(await ask(page, round === undefined ? [] : [round], 'auto')) };
      }),
      dogs: await askDogs(page, classes),
      everyday: everyday === null ? null : await askEveryday(page, everyday),
    };
    await call(page, 'fill', { assets: '/bare/', pictures });
    return {
      ...report,
      uncalibrated: await ask(page, roundsOf(english, 'two of five'), 0.5),
    };
  } finally {
    await close();
    await site.close();
  }
}

/** A manifest of the same model whose maker has not calibrated it. @param {string} model */
async function withoutCalibration(model) {
  const manifest = /** @type {Record<string, unknown>} */ (
    JSON.parse(await readFile(join(model, 'manifest.json'), 'utf8'))
  );
  delete manifest['calibration'];
  return JSON.stringify(manifest);
}

/** @param {Page} page @param {readonly Round[]} rounds @param {Cutoff} cutoff */
async function ask(page, rounds, cutoff) {
  const answered = await inOrder(rounds, async ({ absent, present }) => {
    const without = absent.map(({ picture }) => picture);
    const of = [...absent, ...present];
    const texts = of.map(({ text }) => text);
    const answers = await call(page, 'ask', { texts, without, cutoff });
    const pairs = of.flatMap((one, at) => {
      const answer = answers[at];
      return answer === undefined ? [] : [/** @type {const} */ ([one, answer])];
    });
    return { absent: pairs.slice(0, absent.length), present: pairs.slice(absent.length) };
  });
  return figuresOf(
    answered.flatMap(({ absent }) => absent),
    answered.flatMap(({ present }) => present),
  );
}

/** A collection of ten dogs. @param {Page} page @param {readonly { synset: string, file: string }[]} classes */
async function askDogs(page, classes) {
  const [first = '', last = ''] = BREEDS;
  const breeds = classes.filter(({ synset }) => synset >= first && synset <= last);
  const ten = breeds.filter((_, at) => at % Math.floor(breeds.length / TEN) === 0).slice(0, TEN);
  const without = classes.filter((one) => !ten.includes(one)).map(({ file }) => picturePath(file));
  const texts = ['dog', 'a photo of a dog', 'airplane', 'flower'];
  const answers = await call(page, 'ask', { texts, without, cutoff: 'auto' });
  return texts.map((text, at) => ({ text, hits: answers[at]?.hits.length ?? 0 }));
}

/**
 * Photos with several things each: of those that show one, how many are found, and what is found
 * when they are taken away.
 * @param {Page} page @param {import('./eval-data.mjs').Everyday} everyday
 */
async function askEveryday(page, { files, categories }) {
  await call(page, 'fill', { assets: '/seen/', pictures: files.map(photoPath) });
  const each = await inOrder(categories, async ({ name, photos }) => {
    const shown = [...photos].map((at) => photoPath(files[at] ?? ''));
    const texts = [name];
    const [with_] = await call(page, 'ask', { texts, without: [], cutoff: 'auto' });
    const [gone] = await call(page, 'ask', { texts, without: shown, cutoff: 'auto' });
    const hits = with_?.hits ?? [];
    const right = hits.filter((id) => shown.includes(id)).length;
    return {
      hits: hits.length,
      right,
      recall: right / Math.min(shown.length, with_?.ranked.length ?? 0),
      afterwards: gone?.hits.length ?? 0,
    };
  });
  const found = each.filter(({ hits }) => hits > 0);
  return {
    names: each.length,
    foundShare: rounded(found.length / each.length),
    recall: rounded(mean(each.map(({ recall }) => recall))),
    precision: rounded(mean(found.map(({ right, hits }) => right / hits))),
    fewShare: rounded(each.filter(({ afterwards }) => afterwards <= 3).length / each.length),
  };
}

/**
 * @template {keyof import('./pages/cutoff-page.ts').CutoffPage} Name
 * @param {Page} page @param {Name} name
 * @param {Parameters<import('./pages/cutoff-page.ts').CutoffPage[Name]>[0]} argument
 * @returns {Promise<Awaited<ReturnType<import('./pages/cutoff-page.ts').CutoffPage[Name]>>>}
 */
async function call(page, name, argument) {
  const result = await page.evaluate(async ({ name, argument }) => {
    const { cutoff } = window;
    if (cutoff === undefined) throw new Error('The cutoff page is gone.');
    const method = /** @type {(argument: unknown) => Promise<unknown>} */ (cutoff[name]);
    return method(argument);
  }, /** @type {{ name: Name, argument: unknown }} */ ({ name, argument }));
  return /** @type {Awaited<ReturnType<import('./pages/cutoff-page.ts').CutoffPage[Name]>>} */ (
    result
  );
}

/**
 * One after the other.
 * @template Item, Result
 * @param {readonly Item[]} items @param {(item: Item) => Promise<Result>} run
 */
async function inOrder(items, run) {
  /** @type {Result[]} */
  const results = [];
  for (const item of items) results.push(await run(item));
  return results;
}

/** @typedef {Awaited<ReturnType<typeof measure>>} Report */

/** @param {Report} report */
function print({ model, scored, all, languages, uncalibrated, dogs, everyday }) {
  /** @param {string} label @param {ReturnType<typeof figuresOf>} figures */
  const row = (label, { absent, fewShare, noneShare, ranked, keptShare, hits }) => {
    return [label, absent, fewShare, noneShare, ranked, keptShare, hits];
  };
  printTable(
    `${model}: names of what is not there, and of what is`,
    ['', 'absent', '≤ 3 hits', 'none', 'in top 10', 'kept', 'hits'],
    [
      row('scored half', scored),
      row('all classes', all),
      ...languages.map((each) => row(each.language, each)),
      row('without calibration', uncalibrated),
    ],
  );
  printTable(
    'Ten dogs',
    ['query', 'hits'],
    dogs.map(({ text, hits }) => [text, hits]),
  );
  if (everyday === null) return;
  printTable(
    'Everyday photos',
    ['names', 'found', 'recall', 'precision', '≤ 3 hits when taken away'],
    [[everyday.names, everyday.foundShare, everyday.recall, everyday.precision, everyday.fewShare]],
  );
}
