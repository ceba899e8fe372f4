/**
 * The first pass over a binary table: chunk by chunk, in any order, each by any thread that has the
 * memory.
 */
import type { CodeKernel } from './code-kernel';

/** All that a thread has to know. Numbers alone, so that they fit into memory that threads share. */
export interface FirstPass {
  /** Rows of the table. */
  readonly rows: number;
  /** A multiple of 64; the last chunk may have fewer. */
  readonly rowsPerChunk: number;
  /** Address of {@link CHUNK_COLUMNS} uint32 per chunk: the addresses of its columns. */
  readonly chunks: number;
  /** Words of 128 bits in a code. */
  readonly words: number;
  /** Bits of a code, without padding. */
  readonly bits: number;
  /** Address of the query's bits. */
  readonly query: number;
  readonly step: number;
  /** The score of rank 0. */
  readonly top: number;
  /** Ranks per score. */
  readonly scale: number;
  /** Address of a bit per row of the table, or 0 for all rows. */
  readonly filter: number;
}

/** Bits, offsets, factors, ranks. */
export const CHUNK_COLUMNS = 4;

/** Does first passes together with other threads. */
export interface PassThreads {
  /**
   * Writes the ranks of all rows, and adds to `histogram` how often each occurs. False where another
   * thread has failed: then neither is right, and that thread may still write ranks.
   */
  run(pass: FirstPass, histogram: number): boolean;
}

export function chunksOf({ rows, rowsPerChunk }: FirstPass): number {
  return Math.ceil(rows / rowsPerChunk);
}

/** Writes the ranks of the rows of one chunk, and adds to `histogram` how often each occurs. */
export function rankChunk(
  { memory, roughRanks }: CodeKernel,
  pass: FirstPass,
  chunk: number,
  histogram: number,
): void {
  const address = pass.chunks + 4 * CHUNK_COLUMNS * chunk;
  const [bits = 0, offsets = 0, factors = 0, ranks = 0] = memory.words(address, CHUNK_COLUMNS);
  const first = chunk * pass.rowsPerChunk;
  roughRanks(
    ...([0, Math.min(pass.rowsPerChunk, pass.rows - first), bits, pass.words, pass.bits] as const),
    ...([pass.query, pass.step, offsets, factors, pass.top, pass.scale] as const),
    ...([pass.filter === 0 ? 0 : pass.filter + first / 8, ranks, histogram] as const),
  );
}

/** The calling thread alone. */
export function rankAll(kernel: CodeKernel, pass: FirstPass, histogram: number): void {
  for (let chunk = 0; chunk < chunksOf(pass); chunk++) rankChunk(kernel, pass, chunk, histogram);
}
