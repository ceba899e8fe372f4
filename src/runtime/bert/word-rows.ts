/**
 * The table of word vectors, 45 % of BGE-M3, stays where it is stored: the rows of a text's tokens are
 * read from their files, which are whole packs for writing systems. What was read is kept for a while,
 * as texts share tokens.
 */
import {
  broken,
  checkFormat,
  openTensors,
  readTensor,
  tensorOf,
  type TensorFile,
} from '../kernels/safetensors';

/** A file of rows. */
interface Pack {
  readonly file: TensorFile;
  /** Bytes from the beginning of the file to its first row. */
  readonly start: number;
}

/** Where a token's row is. */
interface Place {
  readonly pack: number;
  readonly index: number;
}

/** Rows that are kept: at most 4 MB at BGE-M3's width. */
const KEPT = 4096;
/** Rows that are read at most together with the first. */
const LONGEST_RUN = 256;
/** Rows between two wanted ones that are read along: cheaper than one more request. */
const GAP = 16;

export class WordRows {
  readonly #packs: readonly Pack[];
  readonly #width: number;
  /** By token: 1 + its number among all rows of all packs; 0 where no pack has it. */
  readonly #numbers: Uint32Array;
  /** By that number − 1. */
  readonly #scales: Float32Array;
  /** First number − 1 of each pack. */
  readonly #firsts: readonly number[];
  /** In the order of their use, oldest first. */
  readonly #kept = new Map<number, Int8Array>();

  private constructor(
    packs: readonly Pack[],
    width: number,
    numbers: Uint32Array,
    scales: Float32Array,
    firsts: readonly number[],
  ) {
    this.#packs = packs;
    this.#width = width;
    this.#numbers = numbers;
    this.#scales = scales;
    this.#firsts = firsts;
  }

  /** Reads which rows there are, not the rows. Throws `session-failed` or `storage`. */
  static async open(
    files: readonly { readonly path: string; readonly blob: Blob }[],
    { vocabulary, width }: { readonly vocabulary: number; readonly width: number },
  ): Promise<WordRows> {
    const opened = await Promise.all(files.map(({ path, blob }) => openTensors(blob, path)));
    const counts = opened.map((file) => rowCount(file));
    const numbers = new Uint32Array(vocabulary);
    const scales = new Float32Array(counts.reduce((sum, count) => sum + count, 0));
    const firsts: number[] = [];
    const packs: Pack[] = [];
    let first = 0;
    for (const [index, file] of opened.entries()) {
      const count = counts[index] ?? 0;
      const ids = new Uint32Array(await readTensor(file, tensorOf(file, 'ids', 'U32', [count])));
      ids.forEach((id, row) => {
        if (id >= vocabulary) throw broken(file.name, `it has a row for token ${String(id)}`);
        numbers[id] = first + row + 1;
      });
      const own = await readTensor(file, tensorOf(file, 'scale', 'F32', [count]));
      scales.set(new Float32Array(own), first);
      packs.push({ file, start: tensorOf(file, 'rows', 'I8', [count, width]).start });
      firsts.push(first);
      first += count;
    }
    return new WordRows(packs, width, numbers, scales, firsts);
  }

  /** Whether the packs have a row for that token. */
  has(id: number): boolean {
    return (this.#numbers[id] ?? 0) > 0;
  }

  /** Copies the rows [tokens, width] and their scales [tokens]; each token must be there. */
  async gather(ids: readonly number[], rows: Int8Array, scales: Float32Array): Promise<void> {
    const found = await this.#rowsOf(new Set(ids));
    ids.forEach((id, index) => {
      const row = found.get(id);
      if (row === undefined) throw broken('The table of words', `it has no token ${String(id)}`);
      rows.set(row, index * this.#width);
      scales[index] = this.#scales[(this.#numbers[id] ?? 0) - 1] ?? 0;
    });
  }

  async #rowsOf(ids: ReadonlySet<number>): Promise<ReadonlyMap<number, Int8Array>> {
    const found = new Map<number, Int8Array>();
    const missing: number[] = [];
    for (const id of ids) {
      const row = this.#kept.get(id);
      if (row === undefined) missing.push(id);
      else found.set(id, row);
    }
    const read = await Promise.all(this.#runsOf(missing).map((run) => this.#read(run)));
    for (const [id, row] of read.flat()) found.set(id, row);
    for (const [id, row] of found) this.#keep(id, row);
    return found;
  }

  /** Tokens whose rows lie close together, in one file. */
  #runsOf(ids: readonly number[]): readonly (readonly number[])[] {
    const sorted = ids
      .filter((id) => this.has(id))
      .sort((a, b) => this.#number(a) - this.#number(b));
    const runs: number[][] = [];
    let [first, last]: [Place | null, Place | null] = [null, null];
    for (const id of sorted) {
      const place = this.#place(id);
      const isNear = last?.pack === place.pack && place.index - last.index <= GAP;
      if (isNear && first !== null && place.index - first.index < LONGEST_RUN) {
        runs.at(-1)?.push(id);
      } else {
        runs.push([id]);
        first = place;
      }
      last = place;
    }
    return runs;
  }

  async #read(run: readonly number[]): Promise<readonly (readonly [number, Int8Array])[]> {
    const places = run.map((id) => this.#place(id));
    const [first, last] = [places[0], places.at(-1)];
    const pack = first && this.#packs[first.pack];
    if (first === undefined || last === undefined || pack === undefined) return [];
    const start = pack.start + first.index * this.#width;
    const end = pack.start + (last.index + 1) * this.#width;
    const bytes = await readTensor(pack.file, { start, end });
    return run.map((id, index) => {
      const at = ((places[index]?.index ?? 0) - first.index) * this.#width;
      // A copy: the rows in between are of no use.
      return [id, new Int8Array(bytes.slice(at, at + this.#width))] as const;
    });
  }

  #keep(id: number, row: Int8Array): void {
    this.#kept.delete(id);
    this.#kept.set(id, row);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) return;
      this.#kept.delete(oldest);
    }
  }

  #number(id: number): number {
    return (this.#numbers[id] ?? 0) - 1;
  }

  #place(id: number): Place {
    const number = this.#number(id);
    const pack = this.#firsts.findLastIndex((first) => first <= number);
    return { pack, index: number - (this.#firsts[pack] ?? 0) };
  }
}

function rowCount(file: TensorFile): number {
  checkFormat(file, 'photoglot-rows');
  return file.tensors.get('ids')?.shape[0] ?? 0;
}
