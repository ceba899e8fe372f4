/** `node bench/search-plot.mjs REPORT.json PLOT.svg`: the growth that `bench:search --out` measured, for the docs. */
import { readFile, writeFile } from 'node:fs/promises';
import { drawPanels } from './growth-plot.mjs';
import { runMain, UsageError } from './options.mjs';

/** @typedef {import('./search-growth.mjs').GrowthRow} GrowthRow */

await runMain(async () => {
  const [source, target] = process.argv.slice(2);
  if (source === undefined || target === undefined) {
    throw new UsageError('Usage: node bench/search-plot.mjs REPORT.json PLOT.svg');
  }
  /** @type {import('./search.mjs').SearchReport} */
  const { growth } = JSON.parse(await readFile(source, 'utf8'));
  if (growth.length < 2) throw new UsageError('The report has no growth.');
  await writeFile(target, draw(growth));
  console.log(markdown(growth));
});

/** @param {readonly GrowthRow[]} growth */
function draw(growth) {
  /** @param {(row: GrowthRow) => number | undefined} of */
  const points = (of) =>
    growth.flatMap((row) => {
      const value = of(row);
      // An axis has no place for what is lost in the browser's own.
      return value === undefined || value <= 0 ? [] : [/** @type {const} */ ([row.rows, value])];
    });
  return drawPanels('How search time and memory grow with the number of rows', [
    {
      title: 'One search, ms (p50), by rows',
      lines: [
        { name: 'all threads', points: points(({ allThreads: { p50 } }) => p50.median) },
        { name: 'one thread', points: points(({ oneThread: { p50 } }) => p50.median) },
      ],
    },
    {
      title: 'Memory at rest, MB, by rows',
      lines: [
        { name: 'Photoglot', points: points(({ settledMB }) => settledMB?.median) },
        {
          name: 'float32',
          reference: true,
          points: points(({ rows, dimension }) => (rows * dimension * 4) / 1e6),
        },
      ],
    },
  ]);
}

/** A table for the docs. @param {readonly GrowthRow[]} growth */
function markdown(growth) {
  const head = [
    'rows',
    'p50 / p95, one thread',
    'all threads',
    'where 1 %',
    'where 50 %',
    'recall@10',
    'memory',
    'open',
    'add 1,000',
    'import',
    'disk',
  ];
  const lines = growth.map(({ rows, oneThread: one, allThreads: all, ...row }) => {
    const [few, half] = one.filters;
    return [
      rows.toLocaleString('en'),
      `${ms(one.p50)} / ${ms(one.p95)}`,
      `${ms(all.p50)} / ${ms(all.p95)}`,
      ms(few?.p50),
      ms(half?.p50),
      one.recall.toFixed(3),
      row.settledMB === null ? '–' : `${row.settledMB.median.toFixed(0)} MB`,
      ms(all.openMs),
      ms(all.addMs),
      `${(row.importMs / 1000).toFixed(0)} s`,
      `${(row.diskBytes / 1e9).toFixed(2)} GB`,
    ];
  });
  return [head, head.map(() => '---:'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** @param {import('./search-figures.mjs').Spread | undefined} spread */
function ms(spread) {
  if (spread === undefined) return '–';
  const { median } = spread;
  return `${median.toFixed(median < 100 ? 1 : 0)} ms`;
}
