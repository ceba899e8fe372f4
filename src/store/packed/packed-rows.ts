/**
 * Vectors in packed segments: their codes are in memory, they themselves on the disk. A search finds
 * the rows whose codes are nearest, ranks these by what their codes say of the score, and reads the
 * vectors of the best, for exact scores.
 */
import { codeBits, codeBytes } from '../../core/codes/binary-code';
import { decodeFloat16 } from '../../core/codes/float16';
import type { SearchDepth } from '../../core/codes/search-policy';
import { dotProduct } from '../../core/dot-product';
import { BinaryTable } from '../../core/kernel/binary-table';
import type { CodeKernel } from '../../core/kernel/code-kernel';
import type { ScoredRow } from '../../core/top-k';
import type { Crc32c } from '../segment/crc32c';
import { damaged, SECTIONS, type Section } from '../segment/segment-format';
import type { SegmentReader } from '../segment/segment-reader';
import { Codebook } from './codebook';

/** A search of packed rows. */
export interface PackedSearch {
  /** Rows that are wanted. */
  readonly limit: number;
  /** How many rows go from one step to the next; `rescored` is at most 1,024. */
  readonly depth: SearchDepth;
  /** One bit per row; null for all. */
  readonly filter: Uint8Array | null;
}

/** A segment and where its rows are among all. */
interface Part {
  readonly reader: SegmentReader;
  readonly vectors: Section;
  readonly first: number;
  readonly end: number;
}

/** Room for vectors that are read. */
class Scratch {
  readonly halves: Uint16Array<ArrayBuffer>;
  readonly floats: Float32Array<ArrayBuffer>;

  constructor(numbers: number) {
    this.halves = new Uint16Array(numbers);
    this.floats = new Float32Array(numbers);
  }

  has(numbers: number): boolean {
    return this.floats.length >= numbers;
  }
}

export class PackedRows {
  readonly codebook: Codebook;
  readonly #table: BinaryTable;
  readonly #parts: Part[] = [];
  /** One for each search that ran at the same time: megabytes each, which a collector would let pile up. */
  readonly #spare: Scratch[] = [];

  private constructor(kernel: CodeKernel, codebook: Codebook) {
    this.codebook = codebook;
    this.#table = new BinaryTable(kernel, codeBits(codebook.mean.length));
  }

  /**
   * Loads the codes of a first segment. Rejects with `storage` if it is damaged, `too-large` if there
   * is no memory for its codes.
   */
  static async open(
    reader: SegmentReader,
    kernel: CodeKernel,
    crc: Crc32c,
    signal: AbortSignal,
  ): Promise<PackedRows> {
    const rows = new PackedRows(kernel, await readCodebook(reader, crc, signal));
    await rows.append(reader, crc, signal);
    return rows;
  }

  get count(): number {
    return this.#table.count;
  }

  /**
   * Loads the codes of one more segment, of the same codebook. Rejects as {@link open} does; if that is
   * as its bytes can be read once and not again, these rows are of no more use: close them.
   */
  async append(reader: SegmentReader, crc: Crc32c, signal: AbortSignal): Promise<void> {
    const { rows, dimension } = reader.header;
    const codebook = await readCodebook(reader, crc, signal);
    if (!isSame(codebook, this.codebook)) throw damaged('its codebook is of another collection');
    const vectors = sectionOf(reader, SECTIONS.float16, 2 * dimension);
    const bits = sectionOf(reader, SECTIONS.bits, codeBytes(dimension));
    // Rows cannot be taken back out of the table: everything is checked before the first goes in.
    await reader.stream(bits, crc, () => undefined, signal);
    const offsets = await readAll(reader, SECTIONS.offsets, 4, crc, signal);
    const factors = await readAll(reader, SECTIONS.factors, 4, crc, signal);
    const first = this.count;
    this.#table.reserve(rows);
    await reader.stream(
      bits,
      crc,
      (block, at) => {
        const [from, to] = [at / bits.stride, (at + block.length) / bits.stride];
        const codes = {
          bits: block,
          offsets: new Float32Array(offsets.buffer).subarray(from, to),
          factors: new Float32Array(factors.buffer).subarray(from, to),
        };
        this.#table.append(codes, to - from);
      },
      // What is begun is finished: half a segment would be in the way of all others.
      new AbortController().signal,
    );
    this.#parts.push({ reader, vectors, first, end: first + rows });
  }

  /**
   * The best rows by the dot product of their float16 vectors with `query`, best first; of equal scores
   * the lower row. Which rows are scored is decided by their codes: some that belong among the best may
   * be missing, the rarer the deeper the search is. Rejects with `storage` if vectors cannot be read.
   */
  async search(query: Float32Array, options: PackedSearch): Promise<ScoredRow[]> {
    const { limit, filter, depth } = options;
    const code = this.codebook.coder.encodeQuery(query);
    const candidates = this.#table.candidates(code, Math.max(1, depth.candidates), filter);
    if (candidates.length === 0) return [];
    const best = this.#table.best(code, Math.max(1, depth.rescored), {
      kind: 'rows',
      rows: candidates,
    });
    const rows = Uint32Array.from(best, ({ row }) => row).sort();
    const scores = await this.#scores(query, rows);
    return Array.from(rows, (row, index) => ({ row, score: scores[index] ?? -Infinity }))
      .sort((left, right) => right.score - left.score || left.row - right.row)
      .slice(0, limit);
  }

  /** The vectors of ascending rows, one behind the other. Rejects with `storage`. */
  async vectors(rows: Uint32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#read(rows, new Scratch(rows.length * this.codebook.mean.length));
  }

  /** The vectors, in the memory of `scratch`. */
  async #read(rows: Uint32Array, { halves, floats }: Scratch): Promise<Float32Array<ArrayBuffer>> {
    const { length: dimension } = this.codebook.mean;
    const found = floats.subarray(0, rows.length * dimension);
    let from = 0;
    for (const { reader, vectors, first, end } of this.#parts) {
      let to = from;
      while (to < rows.length && (rows[to] ?? 0) < end) to++;
      if (to === from) continue;
      const own = rows.subarray(from, to).map((row) => row - first);
      const part = halves.subarray(from * dimension, to * dimension);
      const { buffer, byteOffset, byteLength } = part;
      await reader.rows(vectors, own, new Uint8Array(buffer, byteOffset, byteLength));
      decodeFloat16(part, found.subarray(from * dimension));
      from = to;
    }
    return found;
  }

  /** Closes the segments' files. */
  close(): void {
    for (const { reader } of this.#parts) reader.close();
  }

  async #scores(query: Float32Array, rows: Uint32Array): Promise<Float64Array> {
    const { length: dimension } = query;
    const spare = this.#spare.pop();
    const numbers = rows.length * dimension;
    const scratch = spare?.has(numbers) === true ? spare : new Scratch(numbers);
    try {
      const vectors = await this.#read(rows, scratch);
      return Float64Array.from(rows, (_, index) =>
        dotProduct(vectors, index * dimension, query, 0, dimension),
      );
    } finally {
      this.#spare.push(scratch);
    }
  }
}

async function readCodebook(
  reader: SegmentReader,
  crc: Crc32c,
  signal: AbortSignal,
): Promise<Codebook> {
  const { dimension } = reader.header;
  const bytes = await readAll(reader, SECTIONS.codebook, 0, crc, signal);
  return Codebook.decode(bytes, dimension);
}

async function readAll(
  reader: SegmentReader,
  kind: number,
  stride: number,
  crc: Crc32c,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const section = sectionOf(reader, kind, stride);
  const all = new Uint8Array(section.bytes);
  await reader.stream(
    section,
    crc,
    (bytes, at) => {
      all.set(bytes, at);
    },
    signal,
  );
  return all;
}

function sectionOf(reader: SegmentReader, kind: number, stride: number): Section {
  const section = reader.section(kind);
  if (section?.stride !== stride) throw damaged(`it has no section ${kind} of that kind of rows`);
  return section;
}

function isSame(left: Codebook, right: Codebook): boolean {
  return (
    left.seed === right.seed &&
    left.mean.length === right.mean.length &&
    left.mean.every((value, index) => value === right.mean[index])
  );
}
