/**
 * Rows in packed files: their codes and the hashes of their ids are in memory, all else on the disk. Rows
 * are numbered over all files. A search finds the rows whose codes are nearest, ranks these by what their
 * codes say of the score, and reads the vectors of the best, for exact scores.
 */
import { Bitset } from '../../core/bitset';
import { codeBits, codeBytes, type BinaryCodes } from '../../core/codes/binary-code';
import type { SearchDepth } from '../../core/codes/search-policy';
import { BinaryTable } from '../../core/kernel/binary-table';
import type { CodeKernel } from '../../core/kernel/code-kernel';
import { NEVER } from '../../core/never';
import type { ScoredRow } from '../../core/top-k';
import { Turns } from '../../core/turns';
import type { ItemRecord } from '../../protocol/store-contract';
import type { Crc32c } from '../segment/crc32c';
import { damaged } from '../segment/segment-format';
import { evaluate } from '../where/evaluate';
import type { Filter } from '../where/filter';
import type { Codebook } from './codebook';
import { ColumnCache } from './column-cache';
import { FileColumns } from './file-columns';
import { FileRows, type PlacedFile } from './file-rows';
import { hashId } from './id-hash';
import { IdIndex } from './id-index';
import { loadCodes } from './load-codes';
import { readCodebook, type PackedFile } from './packed-file';
import { RowScores } from './row-scores';
import { ScanHelpers } from './scan-helpers';
import { verifyFile, type FileDamage } from './verify-file';

/** A search of packed rows. */
export interface PackedSearch {
  /** Rows that are wanted. */
  readonly limit: number;
  /** How many rows go from one step to the next; `rescored` is at most 1,024. */
  readonly depth: SearchDepth;
  /** One bit per row; null for all. */
  readonly filter: Uint8Array | null;
}

/** A file, and what of it is in memory beside its codes. */
interface Part extends PlacedFile {
  readonly ids: IdIndex;
  readonly columns: FileColumns;
}

/** Rows as they lie in files at one moment. */
export interface HeldRows {
  readonly rows: FileRows;
  /** The files may be closed now. Of no effect the second time. */
  readonly release: () => void;
}

export class PackedRows {
  readonly codebook: Codebook;
  readonly #helpers: ScanHelpers | null;
  readonly #table: BinaryTable;
  #parts: readonly Part[] = [];
  /** Files that other ones took the place of, and that somebody may still read. */
  #retired: PackedFile[] = [];
  #readers = 0;
  readonly #scores = new RowScores();
  readonly #columns = new ColumnCache();

  private constructor(kernel: CodeKernel, codebook: Codebook) {
    this.codebook = codebook;
    this.#helpers = ScanHelpers.on(kernel);
    this.#table = new BinaryTable(kernel, codeBits(codebook.mean.length), this.#helpers);
  }

  /**
   * Loads what searching needs of the files, one at least, in the order of their rows. Rejects with
   * `storage` if one is damaged, `too-large` if there is no memory for their codes, or with the signal's
   * reason; the files are the caller's to close then.
   * @param crc of no other use meanwhile
   */
  static async open(
    files: readonly PackedFile[],
    kernel: CodeKernel,
    crc: Crc32c,
    signal: AbortSignal,
  ): Promise<PackedRows> {
    const [first] = files;
    if (first === undefined) throw new Error('Packed rows are in one file at least.');
    const packed = new PackedRows(kernel, await readCodebook(first, crc, signal));
    // At once: a memory that grows by and by takes more than it needs.
    packed.#table.reserve(files.reduce((sum, { rows }) => sum + rows, 0));
    for (const file of files) {
      const first = packed.count;
      const opened = await packed.#open(file, crc, signal);
      // As they are read: nobody searches yet, and a file's codes are megabytes.
      await loadCodes(file, crc, signal, (codes, count) => {
        packed.#table.append(codes, count);
      });
      packed.#list(opened, first);
    }
    packed.#startHelpers();
    return packed;
  }

  /** Rows, dead ones included. */
  get count(): number {
    return this.#table.count;
  }

  get files(): readonly PackedFile[] {
    return this.#parts.map(({ file }) => file);
  }

  /** Adds the rows of one more file, of the same codebook, at once. Rejects as {@link open} does; nothing changes then. */
  async append(file: PackedFile, crc: Crc32c, signal: AbortSignal): Promise<void> {
    const opened = await this.#open(file, crc, signal);
    const blocks: { readonly codes: BinaryCodes; readonly count: number }[] = [];
    await loadCodes(file, crc, signal, (codes, count) => {
      blocks.push({ codes: { ...codes, bits: codes.bits.slice() }, count });
    });
    this.#table.reserve(file.rows);
    // From here on nothing waits: a search sees all rows of the file or none.
    const first = this.count;
    for (const { codes, count } of blocks) this.#table.append(codes, count);
    this.#list(opened, first);
    this.#startHelpers();
  }

  /**
   * The rows of files `from` … `to − 1` lie in these other files now, as many and the same but for what died,
   * which nobody notices. Rejects as {@link open} does; nothing changes then, and these are the caller's
   * to close.
   */
  async replace(
    [from, to]: readonly [number, number],
    files: readonly PackedFile[],
    crc: Crc32c,
    signal: AbortSignal,
  ): Promise<void> {
    const replaced = this.#parts.slice(from, to);
    let end = replaced[0]?.first ?? this.count;
    const parts: Part[] = [];
    for (const file of files) {
      parts.push({ ...(await this.#open(file, crc, signal)), first: end, end: end + file.rows });
      end += file.rows;
    }
    if (end !== (replaced.at(-1)?.end ?? this.count)) {
      throw damaged('it has other rows than those that it takes the place of');
    }
    this.#parts = [...this.#parts.slice(0, from), ...parts, ...this.#parts.slice(to)];
    this.#retired.push(...replaced.map(({ file }) => file));
    this.#closeRetired();
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
    const best = this.#table.best(code, Math.max(1, depth.rescored), candidates);
    const rows = Uint32Array.from(best, ({ row }) => row).sort();
    const scores = await this.#reading((held) =>
      this.#scores.of(query, rows.length, (into) => held.halves(rows, into)),
    );
    return Array.from(rows, (row, index) => ({ row, score: scores[index] ?? -Infinity }))
      .sort((left, right) => right.score - left.score || left.row - right.row)
      .slice(0, limit);
  }

  /**
   * The rows as they lie now, for who reads on while other files take the place of these, which may lack
   * what died meanwhile. To be released.
   */
  hold(): HeldRows {
    const rows = new FileRows(this.#parts, this.codebook.mean.length);
    let isHeld = true;
    this.#readers++;
    const release = (): void => {
      if (isHeld) this.#readers--;
      isHeld = false;
      this.#closeRetired();
    };
    return { rows, release };
  }

  /** As {@link FileRows.vectors}. */
  vectors(rows: Uint32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#reading((held) => held.vectors(rows));
  }

  /** As {@link FileRows.items}. */
  items(rows: Uint32Array): Promise<(ItemRecord | null)[]> {
    return this.#reading((held) => held.items(rows));
  }

  /**
   * By id the rows that have it, ascending, whether or not they died since; no entry for ids that none
   * has. Rejects with `storage`.
   */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
    return this.#reading(async () => {
      const wanted = new Map(ids.map((id) => [id, hashId(id)]));
      const found = new Map<string, number[]>();
      for (const { file, ids: index, first } of this.#parts) {
        const rows = new Set<number>();
        for (const hash of wanted.values()) for (const row of index.rowsOf(hash)) rows.add(row);
        const own = Uint32Array.from(rows).sort();
        (await file.items(own)).forEach((item, place) => {
          if (item === null || !wanted.has(item.id)) return;
          const row = first + (own[place] ?? 0);
          const others = found.get(item.id);
          if (others === undefined) found.set(item.id, [row]);
          else others.push(row);
        });
      }
      return found;
    });
  }

  /**
   * Those of `live` that the filter selects; both have {@link count} rows. Messages get their turn between
   * files and conditions. Rejects with `storage`, or with the signal's reason.
   */
  select(filter: Filter, live: Bitset, signal: AbortSignal = NEVER): Promise<Bitset> {
    return this.#reading(async () => {
      const selected = new Bitset(live.length);
      const turns = new Turns();
      for (const { columns, first, end } of this.#parts) {
        if (first >= live.length) break;
        const evaluation = evaluate(filter, live.slice(first, end));
        let next = evaluation.next();
        while (next.done !== true) {
          next = evaluation.next(await columns.select(next.value, turns, signal));
          await turns.next(signal);
        }
        selected.addAll(next.value, first);
      }
      return selected;
    });
  }

  /**
   * Reads everything, and says per file what of it is not as it was written. Rejects with the signal's
   * reason.
   * @param onProgress is told how many of all bytes have been read
   */
  verify(
    signal: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<FileDamage[]> {
    return this.#reading(async () => {
      const { files } = this;
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      const damage: FileDamage[] = [];
      let before = 0;
      for (const file of files) {
        damage.push(await verifyFile(file, signal, (done) => onProgress?.(before + done, total)));
        before += file.bytes;
      }
      return damage;
    });
  }

  /** Closes the files, and ends the helpers of its scans. */
  close(): void {
    this.#helpers?.end();
    for (const { file } of this.#parts) file.close();
    for (const file of this.#retired) file.close();
  }

  /** The file whose codes were appended as rows `first` … */
  #list(opened: Omit<Part, 'first' | 'end'>, first: number): void {
    this.#parts = [...this.#parts, { ...opened, first, end: this.count }];
  }

  #startHelpers(): void {
    this.#helpers?.startFor(this.count * codeBytes(this.codebook.mean.length));
  }

  /** What is read of a file beside its codes. */
  async #open(
    file: PackedFile,
    crc: Crc32c,
    signal: AbortSignal,
  ): Promise<Omit<Part, 'first' | 'end'>> {
    if (!this.codebook.equals(await readCodebook(file, crc, signal))) {
      throw damaged('its codebook is of another collection');
    }
    const [hashes, rows] = [
      new Uint32Array((await file.all('idHashes', crc, signal)).buffer),
      new Uint32Array((await file.all('idRows', crc, signal)).buffer),
    ];
    const ids = new IdIndex({ hashes, rows });
    const columns = await FileColumns.open(file, this.#columns, crc, signal);
    return { file, ids, columns };
  }

  /** While `work` reads, no file is closed. */
  async #reading<Result>(work: (rows: FileRows) => Promise<Result>): Promise<Result> {
    const { rows, release } = this.hold();
    try {
      return await work(rows);
    } finally {
      release();
    }
  }

  #closeRetired(): void {
    if (this.#readers > 0) return;
    for (const file of this.#retired) file.close();
    this.#retired = [];
  }
}
