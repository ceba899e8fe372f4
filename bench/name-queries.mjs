/** Queries made of the names of classes: plain, and written another way. */
import { ceiling, dot, mean, rankOf, recall, recallAt, rounded } from './metrics.mjs';
import { normaliseName } from './names.mjs';
import { PERTURBATIONS, PHOTO_FRAMES } from './perturb.mjs';

/** @typedef {import('./metrics.mjs').Rows} Rows */
/** @typedef {import('./encode.mjs').VectorOf} VectorOf */
/** @typedef {import('./eval-data.mjs').Class} Class */

/**
 * One language's names of some classes; `answer` is the picture's row.
 * @typedef {{
 *   readonly language: string,
 *   readonly queries: readonly { readonly text: string, readonly answer: number }[],
 * }} LanguageQueries
 */

/** A language needs this many named classes to be reported, and to count among the weakest. */
const FEWEST_NAMES = 50;
/** Below this a figure says little. */
const FEWEST_QUERIES = 8;
const WEAKEST_SHOWN = 8;
const PHOTO_OF = 'photoOf';

/**
 * Languages that name enough of all the classes, in alphabetical order.
 * @param {import('./names.mjs').Names} names @param {readonly Class[]} classes
 */
export function reportedLanguages(names, classes) {
  return [...names]
    .filter(([, known]) => classes.filter(({ synset }) => known.has(synset)).length >= FEWEST_NAMES)
    .map(([language]) => language)
    .sort();
}

/**
 * @param {import('./names.mjs').Names} names @param {readonly string[]} languages
 * @param {readonly Class[]} classes
 * @returns {LanguageQueries[]}
 */
export function nameQueries(names, languages, classes) {
  return languages.map((language) => ({
    language,
    queries: classes.flatMap(({ synset, index }) => {
      const text = names.get(language)?.get(synset);
      return text === undefined ? [] : [{ text, answer: index }];
    }),
  }));
}

/** @param {readonly LanguageQueries[]} all */
export function textsOf(all) {
  return all.flatMap(({ queries }) => queries.map(({ text }) => text));
}

/**
 * Recall per language, their unweighted mean, and what the names themselves allow.
 * @param {Rows} pictures @param {readonly LanguageQueries[]} all @param {VectorOf} vectorOf
 */
export function scoreLanguages(pictures, all, vectorOf) {
  const languages = all
    .filter(({ queries }) => queries.length > 0)
    .map(({ language, queries }) => {
      return { language, queries: queries.length, ...recall(ranksOf(pictures, queries, vectorOf)) };
    });
  const limits = all
    .filter(({ queries }) => queries.length >= FEWEST_NAMES)
    .map(({ language, queries }) => {
      const names = queries.map(({ text }) => normaliseName(text));
      return { language, 'R@1': rounded(ceiling(names)) };
    });
  return {
    languages,
    mean: {
      languages: languages.length,
      'R@1': rounded(mean(languages.map((each) => each['R@1']))),
      'R@5': rounded(mean(languages.map((each) => each['R@5']))),
      'R@10': rounded(mean(languages.map((each) => each['R@10']))),
    },
    weakest: languages
      .filter(({ queries }) => queries >= FEWEST_NAMES)
      .sort((a, b) => a['R@1'] - b['R@1'])
      .slice(0, WEAKEST_SHOWN),
    ceiling: limits.sort((a, b) => a['R@1'] - b['R@1']).slice(0, WEAKEST_SHOWN),
  };
}

/**
 * A text tower in int8 chooses its scales per run, so that a text's neighbours touch its vector. A
 * person's query is encoded alone: this says what the difference is worth.
 * @param {Rows} pictures @param {LanguageQueries['queries']} queries
 * @param {VectorOf} together encoded among others @param {VectorOf} alone
 */
export function scoreAlone(pictures, queries, together, alone) {
  const cosines = queries.map(({ text }) => dot(together(text), alone(text)));
  return {
    queries: queries.length,
    cosine: {
      mean: rounded(mean(cosines)),
      min: rounded(cosines.reduce((low, cosine) => Math.min(low, cosine), 1)),
    },
    together: recall(ranksOf(pictures, queries, together)),
    alone: recall(ranksOf(pictures, queries, alone)),
  };
}

/**
 * Classes that the weights know nothing of, among all pictures.
 * @param {Rows} pictures @param {readonly LanguageQueries[]} all @param {VectorOf} vectorOf
 */
export function scoreUnseen(pictures, all, vectorOf) {
  const scored = all
    .filter(({ queries }) => queries.length >= FEWEST_QUERIES)
    .map(({ language, queries }) => {
      return { language, queries: queries.length, ...recall(ranksOf(pictures, queries, vectorOf)) };
    });
  const english = scored.find(({ language }) => language === 'eng');
  return {
    english: english ?? null,
    mean: {
      languages: scored.length,
      'R@1': rounded(mean(scored.map((each) => each['R@1']))),
      'R@10': rounded(mean(scored.map((each) => each['R@10']))),
    },
  };
}

/**
 * The queries that a change alters, each with what it becomes.
 * @param {readonly LanguageQueries[]} all
 */
export function perturbedQueries(all) {
  /** @type {Record<string, { language: string, pairs: { plain: string, text: string, answer: number }[] }[]>} */
  const changed = Object.fromEntries(
    [...Object.keys(PERTURBATIONS), PHOTO_OF].map((kind) => [kind, []]),
  );
  const add = (
    /** @type {string} */ kind,
    /** @type {LanguageQueries} */ { language, queries },
    /** @type {(text: string) => string} */ change,
  ) => {
    const pairs = queries
      .map(({ text, answer }) => ({ plain: text, text: change(text), answer }))
      .filter(({ plain, text }) => plain !== text);
    if (pairs.length >= FEWEST_QUERIES) changed[kind]?.push({ language, pairs });
  };
  for (const each of all) {
    for (const [kind, change] of Object.entries(PERTURBATIONS)) add(kind, each, change);
    const frame = PHOTO_FRAMES[each.language];
    if (frame !== undefined) add(PHOTO_OF, each, frame);
  }
  return changed;
}

/**
 * Mean R@10 of changed queries, beside that of the same queries unchanged.
 * @param {Rows} pictures @param {ReturnType<typeof perturbedQueries>} changed
 * @param {VectorOf} vectorOf
 */
export function scorePerturbed(pictures, changed, vectorOf) {
  const kinds = Object.entries(changed).map(([kind, all]) => {
    const each = all.map(({ language, pairs }) => {
      const before = pairs.map(({ plain, answer }) => ({ text: plain, answer }));
      const plain = recallAt(ranksOf(pictures, before, vectorOf), 10);
      const r10 = recallAt(ranksOf(pictures, pairs, vectorOf), 10);
      return { language, plain, r10 };
    });
    const worst = [...each].sort((a, b) => a.r10 - a.plain - (b.r10 - b.plain))[0];
    const r10 = mean(each.map((one) => one.r10));
    const plain = mean(each.map((one) => one.plain));
    const section = {
      languages: each.length,
      queries: all.reduce((sum, { pairs }) => sum + pairs.length, 0),
      'R@10': rounded(r10),
      plain: rounded(plain),
      difference: rounded(r10 - plain),
      worst: worst && { language: worst.language, difference: rounded(worst.r10 - worst.plain) },
    };
    return [kind, section];
  });
  return /** @type {Record<string, PerturbedSection>} */ (Object.fromEntries(kinds));
}

/**
 * @typedef {{
 *   languages: number, queries: number, 'R@10': number, plain: number, difference: number,
 *   worst: { language: string, difference: number } | undefined,
 * }} PerturbedSection
 */

/**
 * @param {Rows} pictures
 * @param {readonly { readonly text: string, readonly answer: number }[]} queries
 * @param {VectorOf} vectorOf
 */
function ranksOf(pictures, queries, vectorOf) {
  return queries.map(({ text, answer }) => rankOf(pictures, { vector: vectorOf(text), answer }));
}
