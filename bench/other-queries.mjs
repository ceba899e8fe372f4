/** What is not asked by the name of a class: everyday photos, captions, and names of pictures. */
import { mean, precision, rankOf, ranks, recall, recallAt, rounded, scores } from './metrics.mjs';
import { joinRows, rowAt } from './rows.mjs';

/** @typedef {import('./metrics.mjs').Rows} Rows */
/** @typedef {import('./encode.mjs').VectorOf} VectorOf */
/** @typedef {import('./eval-data.mjs').Everyday} Everyday */

/** Of many scripts and families; the first is the language of the labels themselves. */
const EVERYDAY_LANGUAGES =
  'eng deu fra spa rus cmn jpn arb hin tur kor heb ell fas tha ukr vie swa ben'.split(' ');

/**
 * A query per object name and language; languages without any name are left out. English says
 * what the labels say, every other language its first name of the synset.
 * @param {Everyday} everyday @param {import('./names.mjs').Names} names
 */
export function everydayQueries({ categories }, names) {
  return EVERYDAY_LANGUAGES.map((language) => ({
    language,
    queries: categories.flatMap(({ name, synset, photos }) => {
      const text = language === 'eng' ? name : names.get(language)?.get(synset);
      return text === undefined ? [] : [{ text, photos }];
    }),
  })).filter(({ queries }) => queries.length > 0);
}

/**
 * @param {Rows} photos @param {ReturnType<typeof everydayQueries>} all @param {VectorOf} vectorOf
 */
export function scoreEveryday(photos, all, vectorOf) {
  const languages = all.map(({ language, queries }) => {
    const each = queries.map((query) =>
      precision(scores(photos, vectorOf(query.text)), query.photos),
    );
    return {
      language,
      categories: queries.length,
      mAP: rounded(mean(each.map(({ AP }) => AP))),
      'P@1': rounded(mean(each.map((one) => one['P@1']))),
    };
  });
  return {
    photos: photos.count,
    mean: {
      languages: languages.length,
      mAP: rounded(mean(languages.map(({ mAP }) => mAP))),
      'P@1': rounded(mean(languages.map((each) => each['P@1']))),
    },
    languages,
  };
}

/**
 * Each caption against all English ones: the one of the same picture is right.
 * @param {Awaited<ReturnType<typeof import('./eval-data.mjs').readCaptions>>} captions
 * @param {VectorOf} vectorOf @param {number} dim
 */
export function scoreCaptions({ english, others }, vectorOf, dim) {
  const rows = rowsOf(english, vectorOf, dim);
  const pairs = others.map(({ language, queries }) => {
    const asked = queries.map((text, answer) => ({ vector: vectorOf(text), answer }));
    return { language, queries: queries.length, ...recall(ranks(rows, asked)) };
  });
  return {
    captions: english.length,
    mean: {
      'R@1': rounded(mean(pairs.map((each) => each['R@1']))),
      'R@10': rounded(mean(pairs.map((each) => each['R@10']))),
    },
    pairs,
  };
}

/**
 * Each picture against the English names of all classes.
 * @param {Rows} pictures @param {readonly import('./eval-data.mjs').Class[]} scored
 * @param {ReadonlyMap<number, string>} names by class @param {VectorOf} vectorOf
 */
export function scoreImageToName(pictures, scored, names, vectorOf) {
  const classes = [...names.keys()];
  const rows = rowsOf([...names.values()], vectorOf, pictures.dim);
  const all = scored.flatMap(({ index }) => {
    const answer = classes.indexOf(index);
    return answer < 0 ? [] : [rankOf(rows, { vector: rowAt(pictures, index), answer })];
  });
  return {
    pictures: all.length,
    names: rows.count,
    'R@1': rounded(recallAt(all, 1)),
    'R@10': rounded(recallAt(all, 10)),
  };
}

/** @param {readonly string[]} texts @param {VectorOf} vectorOf @param {number} dim */
function rowsOf(texts, vectorOf, dim) {
  return joinRows(
    texts.map((text) => ({ data: vectorOf(text), count: 1, dim })),
    dim,
  );
}
