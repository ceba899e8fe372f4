/**
 * Packs vectors and searches them; runs in the worker of `packed-search.mjs`, which passes the modules
 * of the SDK.
 *
 * @typedef {typeof import('../src/store/packed/codebook.ts')
 *   & typeof import('../src/store/packed/pack-rows.ts')
 *   & typeof import('../src/store/packed/packed-rows.ts')
 *   & { readonly openOpfsFolder: (path: readonly string[]) =>
 *     Promise<import('../src/store/segment/segment-file.ts').SegmentFolder | null> }
 *   & typeof import('../src/store/packed/packed-file.ts')
 *   & typeof import('../src/store/segment/crc32c.ts')
 *   & typeof import('../src/core/kernel/pick-code-kernel.ts')
 *   & typeof import('../src/store/packed/packed-kernel.ts')
 *   & typeof import('../src/core/kernel/pick-kernel.ts')
 *   & typeof import('../src/core/codes/search-policy.ts')
 *   & typeof import('../src/core/next-task.ts')
 *   & typeof import('./spectrum-vectors.ts')} Modules
 * @typedef {{ readonly rows: number, readonly dimension: number, readonly queries: number, readonly noise: boolean }} Task
 * @typedef {{ readonly p50: number, readonly p95: number }} Times milliseconds
 */

const FOLDER = ['photoglot-bench'];
const SEGMENT_ROWS = 131_072;
const BLOCK_ROWS = 2048;
/** Rows that the mean is taken of. */
const SAMPLE_ROWS = 10_240;
const SEED = 42;
const LIMIT = 10;
/** A hit counts whose exact score is so little below the exact tenth. */
const TOLERANCE = 1e-3;
const never = new AbortController().signal;

/** What a store keeps, too: memory is measured behind the searches. @type {unknown} */
let kept = null;

/**
 * Writes the segments. Gives the exact tenth score of each query, by the kernel that collections use.
 * @param {Modules} modules @param {Task} task
 */
export async function pack(modules, task) {
  const start = performance.now();
  const folder = await folderOf(modules);
  for (const name of await folder.names()) await folder.remove(name);
  const { rows, dimension } = task;
  const vectors = source(modules, task);
  const codebook = new modules.Codebook(meanOf(vectors, dimension), SEED);
  const exact = new ExactScores(modules, task);
  for (let first = 0; first < rows; first += SEGMENT_ROWS) {
    const count = Math.min(SEGMENT_ROWS, rows - first);
    const blocks = blocksOf(vectors, first, count, (block) => {
      exact.see(block);
    });
    const request = { codebook, rows: count, blocks };
    await modules.packRows(folder, String(first), request, never);
  }
  return { ms: performance.now() - start, tenths: exact.tenths() };
}

/** Collects what the worker holds no more, so that what is measured is what it needs. */
export function collect() {
  const { gc } = /** @type {{ readonly gc?: () => void }} */ (globalThis);
  if (gc === undefined) throw new Error('The browser was started without --expose-gc.');
  gc();
  return { isEmpty: kept === null };
}

/**
 * Opens the segments and searches them, on one thread.
 * @param {Modules} modules @param {Task} task @param {readonly number[]} tenths
 */
export function search(modules, task, tenths) {
  return searchOn(modules, modules.pickCodeKernel(), task, tenths);
}

/**
 * Likewise on two threads.
 * @param {Modules} modules @param {Task} task @param {readonly number[]} tenths
 */
export function searchOnTwo(modules, task, tenths) {
  const kernel = modules.packedKernel();
  if (kernel.shared === null) throw new Error('Memory cannot be shared here.');
  return searchOn(modules, kernel, task, tenths);
}

/**
 * @param {Modules} modules @param {import('../src/core/kernel/code-kernel.ts').CodeKernel} kernel
 * @param {Task} task @param {readonly number[]} tenths
 */
async function searchOn(modules, kernel, task, tenths) {
  const start = performance.now();
  const packed = await openRows(modules, kernel);
  kept = packed;
  const openMs = performance.now() - start;
  const { rows, dimension, queries } = task;
  const all = queriesOf(modules, task);
  const query = (/** @type {number} */ index) =>
    all.subarray(index * dimension, (index + 1) * dimension);
  const run = (/** @type {number} */ index, /** @type {Uint8Array | null} */ filter, share = 1) =>
    packed.search(query(index), {
      limit: LIMIT,
      depth: modules.searchDepth(Math.round(rows * share), LIMIT),
      filter,
    });
  await run(0, null);
  const firstMs = performance.now() - start;
  // Not timed: the kernel is compiled for good, and a helper started.
  for (let index = 0; index < queries; index++) {
    await run(index, null);
    await modules.nextTask();
  }
  /** @type {number[]} */
  const times = [];
  let found = 0;
  for (let index = 0; index < queries; index++) {
    await modules.nextTask();
    const before = performance.now();
    const hits = await run(index, null);
    times.push(performance.now() - before);
    const least = (tenths[index] ?? Infinity) - TOLERANCE;
    found += hits.filter(({ score }) => score >= least).length;
  }
  /** @type {{ share: number, times: Times }[]} */
  const filtered = [];
  for (const share of [0.01, 0.5]) {
    const filter = filterOf(rows, share);
    /** @type {number[]} */
    const each = [];
    for (let index = 0; index < queries; index++) {
      await modules.nextTask();
      const before = performance.now();
      await run(index, filter, share);
      each.push(performance.now() - before);
    }
    filtered.push({ share, times: timesOf(each) });
  }
  return {
    openMs,
    firstMs,
    times: timesOf(times),
    filtered,
    recall: found / (queries * LIMIT),
    depth: modules.searchDepth(rows, LIMIT),
  };
}

/** @param {Modules} modules */
async function folderOf({ openOpfsFolder }) {
  const folder = await openOpfsFolder(FOLDER);
  if (folder === null) throw new Error('There is no private file system here.');
  return folder;
}

/** @param {Modules} modules @param {import('../src/core/kernel/code-kernel.ts').CodeKernel} kernel */
async function openRows(modules, kernel) {
  const folder = await folderOf(modules);
  const names = [...(await folder.names())].sort((a, b) => Number(a) - Number(b));
  const crc = await modules.Crc32c.create();
  const files = [];
  for (const name of names) files.push(await modules.PackedFile.open(folder, name, crc));
  return modules.PackedRows.open(files, kernel, crc, never);
}

/**
 * Rows of block number `block`.
 * @param {Modules} modules @param {Task} task
 * @returns {(block: number, count: number) => Float32Array<ArrayBuffer>}
 */
function source({ SpectrumVectors, noiseVectors }, { dimension, noise }) {
  if (noise) return (block, count) => noiseVectors(dimension, 2 * block, count);
  const vectors = new SpectrumVectors(dimension);
  return (block, count) => vectors.rows(block, count);
}

/** @param {Modules} modules @param {Task} task */
function queriesOf({ SpectrumVectors, noiseVectors }, { dimension, noise, queries }) {
  if (noise) return noiseVectors(dimension, 1, queries);
  return new SpectrumVectors(dimension).queries(0, queries);
}

/** @param {ReturnType<typeof source>} vectors @param {number} dimension */
function meanOf(vectors, dimension) {
  const mean = new Float32Array(dimension);
  for (let block = 0; block * BLOCK_ROWS < SAMPLE_ROWS; block++) {
    vectors(block, BLOCK_ROWS).forEach((value, index) => {
      const at = index % dimension;
      mean[at] = (mean[at] ?? 0) + value / SAMPLE_ROWS;
    });
  }
  return mean;
}

/**
 * @param {ReturnType<typeof source>} vectors @param {number} first @param {number} count
 * @param {(block: Float32Array<ArrayBuffer>) => void} see
 */
async function* blocksOf(vectors, first, count, see) {
  for (let done = 0; done < count; done += BLOCK_ROWS) {
    const length = Math.min(BLOCK_ROWS, count - done);
    const block = vectors((first + done) / BLOCK_ROWS, length);
    see(block);
    const items = Array.from({ length }, (_, index) => ({
      id: `row ${String(first + done + index)}`,
      meta: {},
      fields: {},
    }));
    yield await Promise.resolve({ vectors: block, items });
  }
}

/** The best scores of each query among all rows. */
class ExactScores {
  #memory;
  #dimension;
  #queries;
  /** @type {number[][]} */
  #best;

  /** @param {Modules} modules @param {Task} task */
  constructor(modules, task) {
    this.#memory = modules.pickKernel().allocate(task.dimension);
    this.#dimension = task.dimension;
    this.#queries = queriesOf(modules, task);
    this.#best = Array.from({ length: task.queries }, () => []);
  }

  /** @param {Float32Array<ArrayBuffer>} block */
  see(block) {
    const count = block.length / this.#dimension;
    this.#memory.reserve(BLOCK_ROWS).set(block);
    this.#best.forEach((best, index) => {
      const start = index * this.#dimension;
      const query = this.#queries.subarray(start, start + this.#dimension);
      for (const score of this.#memory.score(query, 0, count)) {
        if (best.length === LIMIT && score <= (best[LIMIT - 1] ?? 0)) continue;
        best.push(score);
        best.sort((a, b) => b - a);
        best.length = Math.min(best.length, LIMIT);
      }
    });
  }

  tenths() {
    return this.#best.map((best) => best.at(-1) ?? -Infinity);
  }
}

/** @param {number} rows @param {number} share */
function filterOf(rows, share) {
  const filter = new Uint8Array(Math.ceil(rows / 8));
  let state = 1;
  for (let row = 0; row < rows; row++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    if (state < share * 2 ** 32) filter[row >> 3] = (filter[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return filter;
}

/** @param {number[]} each @returns {Times} */
function timesOf(each) {
  const sorted = [...each].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return { p50: at(0.5), p95: at(0.95) };
}
