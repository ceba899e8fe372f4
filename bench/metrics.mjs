/** Retrieval figures from vectors. Nothing here knows of browsers, models or files. */

/**
 * Unit vectors, row after row.
 * @typedef {{ readonly data: Float32Array, readonly count: number, readonly dim: number }} Rows
 */

/**
 * One question with one right answer: its vector, and the row that should come first.
 * @typedef {{ readonly vector: Float32Array, readonly answer: number }} Query
 */

/** @typedef {{ 'R@1': number, 'R@5': number, 'R@10': number }} Recall */

/** Fewer places and the JSON says what counts. @param {number} value */
export const rounded = (value) => Math.round(value * 1e4) / 1e4;

/** @param {Float32Array} a @param {Float32Array} b of equal length */
export function dot(a, b) {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0);
}

/** Cosines of `vector` with every row. @param {Rows} rows @param {Float32Array} vector */
export function scores({ data, count, dim }, vector) {
  if (vector.length !== dim) {
    throw new Error(`The query has ${String(vector.length)} numbers, the rows ${String(dim)}.`);
  }
  const result = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    const start = row * dim;
    for (let at = 0; at < dim; at++) sum += (vector[at] ?? 0) * (data[start + at] ?? 0);
    result[row] = sum;
  }
  return result;
}

/**
 * How many rows score strictly higher than the right one; 0 is the best.
 * @param {Rows} rows @param {Query} query
 */
export function rankOf(rows, { vector, answer }) {
  const all = scores(rows, vector);
  const own = all[answer];
  if (own === undefined) throw new Error(`There is no row ${String(answer)}.`);
  // Nothing is higher than NaN: without this a broken vector would be right every time.
  if (!Number.isFinite(own)) throw new Error('A score is not a number.');
  let higher = 0;
  for (const score of all) if (score > own) higher++;
  return higher;
}

/** @param {Rows} rows @param {readonly Query[]} queries */
export function ranks(rows, queries) {
  return queries.map((query) => rankOf(rows, query));
}

/** Share of ranks below `k`; 0 for none. @param {readonly number[]} all @param {number} k */
export function recallAt(all, k) {
  return all.length === 0 ? 0 : all.filter((rank) => rank < k).length / all.length;
}

/** @param {readonly number[]} all @returns {Recall} */
export function recall(all) {
  return {
    'R@1': rounded(recallAt(all, 1)),
    'R@5': rounded(recallAt(all, 5)),
    'R@10': rounded(recallAt(all, 10)),
  };
}

/** 0 for none. @param {readonly number[]} values */
export function mean(values) {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Average precision (the mean of the precision at every relevant row) and precision at 1.
 * @param {ArrayLike<number>} all scores of all rows @param {ReadonlySet<number>} relevant rows
 */
export function precision(all, relevant) {
  const order = Array.from(all, (score, row) => ({ score, row }));
  if (order.some(({ score }) => !Number.isFinite(score))) throw new Error('A score is no number.');
  order.sort((a, b) => b.score - a.score || a.row - b.row);
  let found = 0;
  let sum = 0;
  order.forEach(({ row }, place) => {
    if (!relevant.has(row)) return;
    found++;
    sum += found / (place + 1);
  });
  const [first] = order;
  return {
    AP: relevant.size === 0 ? 0 : sum / relevant.size,
    'P@1': first !== undefined && relevant.has(first.row) ? 1 : 0,
  };
}

/**
 * The highest R@1 that any model can reach: of queries that read the same, one can be right.
 * @param {readonly string[]} names normalised
 */
export function ceiling(names) {
  return names.length === 0 ? 1 : new Set(names).size / names.length;
}

/**
 * The value below which a share `q` of the sorted values lies, by linear interpolation.
 * @param {readonly number[]} values @param {number} q 0–1
 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Median and spread of several runs. @param {readonly number[]} values */
export function spread(values) {
  return {
    median: rounded(quantile(values, 0.5)),
    min: rounded(Math.min(...values)),
    max: rounded(Math.max(...values)),
    runs: values.length,
  };
}
