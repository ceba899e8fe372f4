/** The evaluation for people. */
import { printTable } from './table.mjs';

/** @param {import('./eval.mjs').EvalReport} report */
export function printEval(report) {
  const { languages, mean, weakest, ceiling, unseenClasses, perturbed, everyday } = report;
  const recall = /** @type {const} */ (['R@1', 'R@5', 'R@10']);
  printTable(
    'Names of classes, one picture each',
    ['language', 'queries', ...recall],
    [
      ...languages.map((each) => [each.language, each.queries, ...recall.map((k) => each[k])]),
      [`mean of ${String(mean.languages)}`, null, ...recall.map((k) => mean[k])],
    ],
  );
  printTable(
    'Weakest languages with 50 queries or more, and the lowest ceilings (names that are the same)',
    ['weakest', 'R@1', 'ceiling', 'R@1 at most'],
    weakest.map((each, at) => [
      each.language,
      each['R@1'],
      ceiling[at]?.language,
      ceiling[at]?.['R@1'],
    ]),
  );
  if (unseenClasses !== null) {
    const { english, mean: unseen, languages: all, knownOnly } = unseenClasses;
    printTable(
      'Weights that have never seen every tenth class',
      ['queries', 'languages', 'R@1', 'R@10'],
      [
        ['unseen classes, English', 1, english?.['R@1'], english?.['R@10']],
        ['unseen classes, mean', unseen.languages, unseen['R@1'], unseen['R@10']],
        ['all scored classes, mean', all.languages, all['R@1'], all['R@10']],
        ['known scored classes, mean', knownOnly.languages, knownOnly['R@1'], knownOnly['R@10']],
      ],
    );
  }
  printTable(
    'Written another way',
    ['', 'languages', 'queries', 'plain R@10', 'R@10', 'difference', 'worst'],
    Object.entries(perturbed).map(([kind, each]) => [
      kind,
      each.languages,
      each.queries,
      each.plain,
      each['R@10'],
      each.difference,
      `${each.worst?.language ?? ''} ${String(each.worst?.difference ?? '')}`,
    ]),
  );
  printTable(
    `Everyday photos (${String(everyday.photos)})`,
    ['language', 'categories', 'mAP', 'P@1'],
    [
      ...everyday.languages.map((each) => [each.language, each.categories, each.mAP, each['P@1']]),
      [`mean of ${String(everyday.mean.languages)}`, null, everyday.mean.mAP, everyday.mean['P@1']],
    ],
  );
  printSingle(report);
}

/** @param {import('./eval.mjs').EvalReport} report */
function printSingle({
  textToText,
  imageToName,
  encodedAlone,
  sizeBytes,
  model,
  partial,
  seconds,
}) {
  if (textToText !== null) {
    printTable(
      `Captions to English captions (${String(textToText.captions)})`,
      ['language', 'R@1', 'R@10'],
      [
        ...textToText.pairs.map((each) => [each.language, each['R@1'], each['R@10']]),
        ['mean', textToText.mean['R@1'], textToText.mean['R@10']],
      ],
    );
  }
  printTable(
    'Picture to English name',
    ['pictures', 'names', 'R@1', 'R@10'],
    [[imageToName.pictures, imageToName.names, imageToName['R@1'], imageToName['R@10']]],
  );
  const { together, alone, cosine } = encodedAlone;
  printTable(
    `English names encoded together and one by one (cosine ${String(cosine.mean)} on average, ${String(cosine.min)} at least)`,
    ['', 'R@1', 'R@10'],
    [
      ['together', together['R@1'], together['R@10']],
      ['alone', alone['R@1'], alone['R@10']],
    ],
  );
  const size = (sizeBytes / 1e6).toFixed(1);
  console.log(`\n${model.model} ${model.version}, ${size} MB, in ${String(seconds)} s`);
  if (partial !== undefined)
    console.log(`Only ${String(partial.pictures)} pictures: not the real figures.`);
}
