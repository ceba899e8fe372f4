/** What scans vector codes: one interface, its implementations beside this file. */
import type { KernelMemory } from './kernel-memory';

/** Which form of the kernels runs: compiled, or plain JavaScript. Results are the same to the last bit. */
export type CodeKernelName = 'simd' | 'scalar';

/** Words of 128 bits in a binary code at most. */
export const MAX_WORDS = 511;
/** Bits of a word. */
export const WORD_BITS = 128;
/** Longer codes no kernel scans. */
export const MAX_CODE_BITS = WORD_BITS * MAX_WORDS;

/** Ranks of the first pass: 0 for the best rows, one less than this for the last. */
export const RANKS = 16_384;

/** The rank of a row that the filter rejects. */
export const REJECTED = 0xffff;

/**
 * The operations of `assembly/index.as`, on addresses in `memory`. An address is a multiple of its
 * numbers' size. Each works on rows or places `from` to `to` (exclusive) and has no state of its own:
 * several threads may each do a part of a scan, with results of their own.
 *
 * A **list** is row numbers, uint32 side by side. `first` is the number of the row that lies at the
 * address of the rows.
 */
export interface CodeKernel {
  readonly name: CodeKernelName;
  readonly memory: KernelMemory;
  /** What is behind `memory`, where other threads can have it too; null where they cannot. */
  readonly shared: WebAssembly.Memory | null;
  /**
   * The first pass over binary codes [rows, words · 16] bytes: to `ranks` uint16, for each row
   * (top − score) · scale in whole numbers from 0 to {@link RANKS} − 1, with
   * score = offsets[row] + factors[row] · step · (bits − 2 · distance), where the distance is the
   * number of bits that differ from `query`. A score that is not a number has the last rank.
   * `histogram` [{@link RANKS}] uint32 is added to: how often each rank occurs. `from` is a multiple of
   * 64, `words` at most {@link MAX_WORDS}. There is room for a multiple of 64 offsets, factors and
   * ranks.
   *
   * `filter` has one bit per row, in whole words of 64, or is 0: the rank of a row whose bit is 0 is
   * {@link REJECTED}, and it is not counted.
   */
  readonly roughRanks: (
    from: number,
    to: number,
    codes: number,
    words: number,
    bits: number,
    query: number,
    step: number,
    offsets: number,
    factors: number,
    top: number,
    scale: number,
    filter: number,
    ranks: number,
    histogram: number,
  ) => void;
  /**
   * The rows whose rank is less than `cut`, and the first `ties` whose rank is `cut`, in ascending
   * order → `rows` uint32; returns how many. `from` is a multiple of 64; row 0 has the number `first`.
   */
  readonly leading: (
    from: number,
    to: number,
    ranks: number,
    cut: number,
    ties: number,
    first: number,
    rows: number,
  ) => number;
  /**
   * What {@link signScores} looks up: of `query` [128 · words] float32, zero where codes have padding,
   * → `tables` [16 · words, 256] float32.
   */
  readonly signTables: (words: number, query: number, tables: number) => void;
  /**
   * base + offsets[row] + factors[row] · Σ ±query → `scores` [to − from] float32, of the rows at
   * places `from` to `to` of the list; the sign of a dimension is + where the bit of the code is 1.
   * Summed in float32, eight dimensions at a time.
   */
  readonly signScores: (
    from: number,
    to: number,
    list: number,
    first: number,
    codes: number,
    words: number,
    offsets: number,
    factors: number,
    tables: number,
    base: number,
    scores: number,
  ) => void;
  /**
   * Offers `count` scored rows, whose numbers are in `list`, to the heap at `best`
   * (`best-rows.ts`). NaN never enters.
   */
  readonly offer: (count: number, scores: number, list: number, best: number) => void;
}
