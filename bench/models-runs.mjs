/** Runs of the models bench: every row in a profile of its own, in turns, and native ORT behind them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rounded } from './metrics.mjs';
import { cosine, rowFigures } from './models-figures.mjs';
import { PASSAGE_TOKENS, QUERY_TOKENS } from './models-material.mjs';
import { runNative } from './models-native.mjs';
import { firstVisit, longVisit, memoryVisit, timedVisit } from './models-visit.mjs';

const NATIVE_THREADS = [1, 2];
/** Two builds of one runtime on the same bytes. */
const SAME_VECTOR = 0.999;

/** @typedef {import('./models-rows.mjs').ModelRow} ModelRow */
/** @typedef {import('./models-visit.mjs').Texts} Texts */
/** @typedef {import('./models-visit.mjs').Vectors} Vectors */
/** @typedef {import('./models-figures.mjs').RowRun} RowRun */
/** @typedef {{ readonly url: string, readonly sent: () => number }} Site */

/**
 * Throws when a row runs other numbers of tokens than were asked for, or when one of the same bytes
 * gives other vectors.
 * @param {{
 *   readonly rows: readonly ModelRow[], readonly runs: number,
 *   readonly site: Site, readonly texts: Texts,
 * }} options
 */
export async function measureRows({ rows, runs, site, texts }) {
  /** @type {Map<ModelRow, { run: RowRun, threads: number, vectors: Vectors }[]>} */
  const all = new Map(rows.map((row) => [row, []]));
  let browser = 'unknown';
  for (let run = 0; run < runs; run++) {
    // In turns, and each first as often: a busy minute of the machine then hits all.
    for (const row of run % 2 === 0 ? rows : rows.toReversed()) {
      const { version, ...result } = await measureOnce(row, site, texts);
      browser = version;
      all.get(row)?.push(result);
      progress(row, run, result.run);
    }
  }
  const [[, [first] = []] = []] = all;
  if (first === undefined) throw new Error('Nothing was measured.');
  return {
    browser,
    reference: first.vectors,
    tokens: { query: QUERY_TOKENS, passage: PASSAGE_TOKENS },
    rows: [...all].map(([row, results]) => measuredRow(row, results, first.vectors)),
  };
}

/** @typedef {Awaited<ReturnType<typeof measureRows>>['rows'][number]} MeasuredRow */

/**
 * @param {ModelRow} row
 * @param {readonly { readonly run: RowRun, readonly threads: number, readonly vectors: Vectors }[]} results
 * @param {Vectors} reference of the first row
 */
function measuredRow({ name, kind }, results, reference) {
  const similarity = Math.min(
    ...results.flatMap(({ vectors }) => [
      cosine(vectors.query, reference.query),
      cosine(vectors.passage, reference.passage),
    ]),
  );
  if (kind !== 'best' && !(similarity > SAME_VECTOR)) {
    throw new Error(`${name} gives other vectors: cosine ${similarity.toFixed(5)}.`);
  }
  return {
    name,
    kind,
    threads: results[0]?.threads ?? 0,
    /** The lowest, with the first row's vectors. */
    cosine: rounded(similarity),
    figures: rowFigures(results.map(({ run }) => run)),
    /** Every time that was taken. */
    runs: results.map(({ run }) => run),
  };
}

/** From an empty profile. @param {ModelRow} row @param {Site} site @param {Texts} texts */
function measureOnce({ name, request }, { url, sent }, texts) {
  return inProfile(async (profile) => {
    const visit = { profile, site: url, request, texts };
    const { bytes, threads, tokens, vectors, browser } = await firstVisit({ ...visit, sent });
    if (tokens.query !== QUERY_TOKENS || tokens.passage !== PASSAGE_TOKENS) {
      const got = `${String(tokens.query)} and ${String(tokens.passage)}`;
      throw new Error(`${name} runs texts of ${got} tokens.`);
    }
    const times = await timedVisit({ ...visit, expected: vectors });
    const memory = await memoryVisit(visit);
    return { version: browser, threads, vectors, run: { bytes, ...times, ...memory } };
  });
}

/**
 * One long text through what Photoglot runs best; ONNX Runtime takes half an hour for 8,192 tokens.
 * @param {{
 *   readonly rows: readonly ModelRow[], readonly site: Site,
 *   readonly text: string, readonly texts: Texts,
 * }} options
 */
export async function measureLong({ rows, site, text, texts: { queries } }) {
  const own = rows.filter(({ kind }) => kind === 'best');
  const results = [];
  for (const row of own.length > 0 ? own : rows.filter(({ kind }) => kind === 'same')) {
    console.error(`the long passage, ${row.name} …`);
    const { name, request } = row;
    const result = await inProfile((profile) =>
      longVisit({ profile, site: site.url, request, text, query: queries[0] ?? '' }),
    );
    results.push({ name, ...result });
  }
  return results;
}

/**
 * @param {{
 *   readonly python: string, readonly runs: number, readonly graph: string,
 *   readonly material: import('./models-material.mjs').Material, readonly reference: Vectors,
 * }} options
 */
export async function measureNative({ python, runs, graph, material, reference }) {
  const { tower, texts, idsOf } = material;
  const shared = {
    graph,
    inputs: tower.inputs,
    output: tower.output,
    warmUp: texts.warmUp.map(idsOf),
    queries: texts.queries.map(idsOf),
    passages: texts.passages.map(idsOf),
  };
  const rows = [];
  for (const threads of NATIVE_THREADS) {
    console.error(`native ORT, ${String(threads)} threads …`);
    const results = [];
    for (let run = 0; run < runs; run++) {
      results.push(await runNative(python, { ...shared, threads }));
    }
    const [first] = results;
    rows.push({
      name: `native ORT ${first?.version ?? ''}`,
      threads,
      /** Not held to be equal: its kernels round otherwise, and saturate on some processors. */
      cosine: rounded(cosine(first?.vector ?? [], reference.passage)),
      figures: rowFigures(
        results.map((each) => ({ ...each, bytes: null, peakMB: null, settledMB: null })),
      ),
    });
  }
  return rows;
}

/** @typedef {Awaited<ReturnType<typeof measureNative>>[number]} NativeRow */

/** @template T @param {(profile: string) => Promise<T>} work */
async function inProfile(work) {
  const profile = await mkdtemp(join(tmpdir(), 'photoglot-models-'));
  try {
    return await work(profile);
  } finally {
    // The browser may still be writing while it ends.
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {ModelRow} row @param {number} run from 0 @param {RowRun} result */
function progress({ name, request }, run, result) {
  const { queryMs, passageMs } = rowFigures([result]);
  const threads = request.side === 'transformers' ? `, ${String(request.threads)} threads` : '';
  const query = `${queryMs.median.toFixed(0)} ms a query`;
  const passage = `${passageMs.median.toFixed(0)} ms a passage`;
  console.error(`run ${String(run + 1)}, ${name}${threads}: ${query}, ${passage}`);
}
