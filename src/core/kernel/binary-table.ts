/** Binary codes in the memory of a kernel: layout and scores are those of `codes/binary-code.ts`. */
import { PhotoglotError } from '../../errors';
import type { BinaryCodes, BinaryQuery } from '../codes/binary-code';
import type { ScoredRow } from '../top-k';
import { BestScan } from './best-scan';
import { checkLength } from './check-length';
import { checkFilter } from './check-rows';
import { MAX_CODE_BITS, RANKS, WORD_BITS, type CodeKernel } from './code-kernel';
import { rankAll, type FirstPass, type PassThreads } from './first-pass';
import { GrowingPlace } from './kernel-memory';
import { cutByRank } from './rank-cut';
import { RowChunks } from './row-chunks';
import { checkLimit } from './scan-limit';

/** Places of the columns, as `first-pass.ts` has them. */
const [BITS, OFFSETS, FACTORS, RANK] = [0, 1, 2, 3] as const;
const WORD_BYTES = 16;

/** One scan at a time. Per row it takes 10 bytes of memory beside the code. */
export class BinaryTable {
  readonly #kernel: CodeKernel;
  readonly #bits: number;
  readonly #words: number;
  readonly #rows: RowChunks;
  readonly #scan: BestScan;
  readonly #threads: PassThreads | null;
  #chunks: GrowingPlace;
  readonly #filter: GrowingPlace;
  readonly #list: number;
  readonly #query: number;
  readonly #weights: number;
  readonly #tables: number;
  readonly #histogram: number;
  #offsets: Range = { least: 0, most: 0 };
  #factors: Range = { least: 0, most: 0 };

  /**
   * Throws `too-large` where codes are longer than 65,408 bits or there is no memory.
   * @param bits of a code, without padding
   * @param threads that take a part in first passes; null for none
   */
  constructor(kernel: CodeKernel, bits: number, threads: PassThreads | null = null) {
    if (bits > MAX_CODE_BITS) {
      throw new PhotoglotError(
        'too-large',
        `Codes have ${String(MAX_CODE_BITS)} bits at most, got ${String(bits)}.`,
      );
    }
    const words = Math.ceil(bits / WORD_BITS);
    const { memory } = kernel;
    this.#kernel = kernel;
    this.#bits = bits;
    this.#words = words;
    this.#rows = new RowChunks(memory, [WORD_BYTES * words, 4, 4, 2]);
    this.#scan = new BestScan(kernel, this.#rows);
    this.#threads = threads;
    this.#chunks = new GrowingPlace(memory);
    this.#filter = new GrowingPlace(memory);
    this.#list = memory.take(4 * this.#rows.rowsPerChunk);
    this.#query = memory.take(WORD_BYTES * words);
    this.#weights = memory.take(4 * WORD_BITS * words);
    this.#tables = memory.take(1024 * WORD_BYTES * words);
    this.#histogram = memory.take(4 * RANKS);
  }

  get count(): number {
    return this.#rows.count;
  }

  /** Makes room, so that an `append` of so many rows has memory. Throws `too-large`. */
  reserve(moreRows: number): void {
    this.#rows.reserve(moreRows);
  }

  /**
   * Adds the first `count` rows of `codes` at the end. Throws `dimension-mismatch` where there are
   * fewer, `invalid-input` where an offset or factor is not finite, and `too-large`; the table has the
   * rows of before then.
   */
  append(codes: BinaryCodes, count: number): void {
    const [bits, offsets, factors] = [
      codes.bits.subarray(0, WORD_BYTES * this.#words * count),
      codes.offsets.subarray(0, count),
      codes.factors.subarray(0, count),
    ];
    checkLength('bytes of codes', bits, WORD_BYTES * this.#words * count);
    checkLength('offsets', offsets, count);
    checkLength('factors', factors, count);
    const [ofOffsets, ofFactors] = [rangeOf('offsets', offsets), rangeOf('factors', factors)];
    this.#rows.append(count, [bits, offsets, factors]);
    this.#offsets = joined(this.#offsets, ofOffsets);
    this.#factors = joined(this.#factors, ofFactors);
  }

  /**
   * First pass: the numbers, ascending, of the `limit` rows (at least 1) with the best rough scores.
   * Scores are told apart to the 16,384th part of the range that they could have in this table; of
   * those in one part the lower rows come first. A row that the filter rejects costs next to nothing.
   * Throws `invalid-input`, `dimension-mismatch`.
   * @param filter row r by the bit r & 7 of byte r >> 3, ⌈rows / 8⌉ bytes at least; bits behind the last
   *   row are ignored. Null for all rows
   */
  candidates(
    { bits, step }: BinaryQuery,
    limit: number,
    filter: Uint8Array | null,
  ): Uint32Array<ArrayBuffer> {
    checkLimit(limit);
    checkLength('bytes of the query', bits, WORD_BYTES * this.#words);
    if (filter !== null) checkFilter(filter, this.count);
    this.#kernel.memory.bytes(this.#query, bits.length).set(bits);
    const cut = cutByRank(this.#rank(step, filter), limit);
    return this.#leading(cut.rank, cut.ties, Math.min(limit, this.count));
  }

  /**
   * Second pass: the best `limit` of these rows (at least 1) by the closer score, best first; of equal
   * scores the lower row. Throws `invalid-input`, `dimension-mismatch`.
   * @param rows their numbers, ascending, each once
   */
  best({ weights, base }: BinaryQuery, limit: number, rows: Uint32Array): ScoredRow[] {
    checkLength('weights', weights, WORD_BITS * this.#words);
    const { memory, signTables, signScores } = this.#kernel;
    memory.floats(this.#weights, weights.length).set(weights);
    signTables(this.#words, this.#weights, this.#tables);
    return this.#scan.best(limit, rows, ({ first, columns }, from, to, list, scores) => {
      const [bits, offsets, factors] = [columns[BITS], columns[OFFSETS], columns[FACTORS]];
      signScores(
        ...([from, to, list, first, bits ?? 0, this.#words, offsets ?? 0, factors ?? 0] as const),
        ...([this.#tables, base, scores] as const),
      );
    });
  }

  /** Writes the ranks of all rows; returns how often each occurs. */
  #rank(step: number, filter: Uint8Array | null): Uint32Array {
    const { memory } = this.#kernel;
    const pass = this.#pass(step, filter);
    this.#clearHistogram();
    if (this.#threads === null) rankAll(this.#kernel, pass, this.#histogram);
    else if (!this.#threads.run(pass, this.#histogram)) {
      // Away from where a late thread still writes, and from where it reads that.
      this.#rows.move(RANK);
      this.#chunks = new GrowingPlace(memory);
      this.#clearHistogram();
      rankAll(this.#kernel, this.#pass(step, filter), this.#histogram);
    }
    return memory.words(this.#histogram, RANKS);
  }

  #clearHistogram(): void {
    this.#kernel.memory.words(this.#histogram, RANKS).fill(0);
  }

  #pass(step: number, filter: Uint8Array | null): FirstPass {
    // No score lies outside of these.
    const factor = Math.max(-this.#factors.least, this.#factors.most);
    const reach = factor * Math.abs(step) * this.#bits;
    const top = this.#offsets.most + reach;
    const range = top - (this.#offsets.least - reach);
    return {
      rows: this.count,
      rowsPerChunk: this.#rows.rowsPerChunk,
      chunks: this.#listChunks(),
      words: this.#words,
      bits: this.#bits,
      query: this.#query,
      step,
      top,
      scale: range > 0 ? RANKS / range : 0,
      filter: filter === null ? 0 : this.#copyFilter(filter),
    };
  }

  /** Where the chunks' columns are, as a {@link FirstPass} has it. */
  #listChunks(): number {
    const addresses = [...this.#rows.chunks()].flatMap(({ columns }) => columns);
    const list = this.#chunks.of(4 * addresses.length);
    this.#kernel.memory.words(list, addresses.length).set(addresses);
    return list;
  }

  #copyFilter(filter: Uint8Array): number {
    const bits = filter.subarray(0, Math.ceil(this.count / 8));
    // The kernels read whole words.
    const address = this.#filter.of(8 * Math.ceil(this.count / 64));
    this.#kernel.memory.bytes(address, bits.length).set(bits);
    return address;
  }

  #leading(cut: number, ofCut: number, limit: number): Uint32Array<ArrayBuffer> {
    const { memory, leading } = this.#kernel;
    const found = new Uint32Array(limit);
    let [taken, ties] = [0, ofCut];
    for (const { first, count, columns } of this.#rows.chunks()) {
      const address = columns[RANK] ?? 0;
      const rows = memory.words(
        this.#list,
        leading(0, count, address, cut, ties, first, this.#list),
      );
      found.set(rows, taken);
      taken += rows.length;
      if (ties === 0) continue;
      const ranks = new Uint16Array(memory.buffer, address, count);
      for (const row of rows) if (ranks[row - first] === cut) ties--;
    }
    return found.slice(0, taken);
  }
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** Throws `invalid-input` where one is not finite. @param what they are */
function rangeOf(what: string, numbers: Float32Array): Range {
  let [least, most] = [Infinity, -Infinity];
  for (const value of numbers) {
    if (!Number.isFinite(value)) {
      throw new PhotoglotError('invalid-input', `Expected finite ${what}, got ${String(value)}.`);
    }
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { least, most };
}

function joined(left: Range, right: Range): Range {
  return { least: Math.min(left.least, right.least), most: Math.max(left.most, right.most) };
}
