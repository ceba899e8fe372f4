/** The packed files of a collection that is being written: segments that are staged move to them. */
import { NEVER } from '../core/never';
import { decodeVectors } from '../core/vector-codec';
import type { NewFile } from './pack-files';
import { Codebook } from './packed/codebook';
import { packRows } from './packed/pack-rows';
import { randomSeed, RowMean } from './row-mean';
import type { StoredFile } from './schema';
import type { StoredForm } from './sealed/stored-form';
import type { StoreParts } from './stored-collection';

/** Vectors that are staged before they are packed: they are on the disk, not in memory. */
const STAGED_BYTES = 256 * 2 ** 20;
/** Segments that the mean is taken of. */
const SAMPLE_SEGMENTS = 64;

export interface StagedSegments {
  /** What their keys begin with. */
  readonly parts: string;
  readonly dimension: number;
  readonly segmentRows: number;
  readonly form: StoredForm;
}

export class StagedFiles {
  readonly #store: StoreParts;
  readonly #segments: StagedSegments;
  readonly #made: (NewFile & StoredFile)[] = [];
  #firstSegment = 0;
  #codebook: Codebook | null = null;

  constructor(store: StoreParts, segments: StagedSegments) {
    this.#store = store;
    this.#segments = segments;
  }

  get files(): readonly StoredFile[] {
    return this.#made.map(({ name, rows }) => ({ name, rows }));
  }

  /** The first segment that is in no file. */
  get firstSegment(): number {
    return this.#firstSegment;
  }

  /** Packs what is staged if it fills a file. @param end all before this one are whole */
  async packFull(end: number): Promise<void> {
    const { segmentRows, dimension } = this.#segments;
    const { fileRows } = this.#store.limits;
    const rowBytes = dimension * Float32Array.BYTES_PER_ELEMENT;
    const rows = Math.min(fileRows, Math.floor(STAGED_BYTES / rowBytes));
    if ((end - this.#firstSegment) * segmentRows >= rows) await this.#pack(end);
  }

  /** Packs the rest, if it is too large for memory. */
  async packRest(end: number): Promise<void> {
    const { segmentRows, dimension } = this.#segments;
    const { limits } = this.#store;
    const rows = (end - this.#firstSegment) * segmentRows;
    const isLarge =
      this.#made.length === 0
        ? limits.isLarge(rows, dimension)
        : rows * dimension * Float32Array.BYTES_PER_ELEMENT >= limits.logBytes;
    if (isLarge) await this.#pack(end);
  }

  /** A record names them: others may open them, and remove them when it does no longer. */
  keep(): void {
    for (const { release } of this.#made) release();
  }

  /** Removes them. Never rejects. */
  async discard(): Promise<void> {
    this.keep();
    await this.#store.packs.remove(this.#made);
  }

  async #pack(end: number): Promise<void> {
    const { database, packs } = this.#store;
    const { parts, segmentRows, form } = this.#segments;
    const first = this.#firstSegment;
    if (end <= first) return;
    const codebook = (this.#codebook ??= new Codebook(await this.#mean(end), randomSeed()));
    const rows = (end - first) * segmentRows;
    const { name, release } = await packs.reserve();
    // What is made is removed by `discard`, also when it is not whole.
    this.#made.push({ name, rows, release });
    const blocks = this.#blocks(end);
    await packRows(await packs.folderOf(form), name, { codebook, rows, blocks }, NEVER);
    this.#firstSegment = end;
    await database.transact('readwrite', ['vectors', 'items'], async (transaction) => {
      const keys = IDBKeyRange.bound([parts, first], [parts, end - 1]);
      await Promise.all([
        transaction.objectStore('vectors').delete(keys),
        transaction.objectStore('items').delete(keys),
      ]);
    });
  }

  async *#blocks(end: number) {
    for (let index = this.#firstSegment; index < end; index++) {
      const { vectors, items } = await this.#read(index);
      yield { vectors, items };
    }
  }

  async #mean(end: number): Promise<Float32Array<ArrayBuffer>> {
    const mean = new RowMean(this.#segments.dimension);
    const step = Math.max(1, Math.floor(end / SAMPLE_SEGMENTS));
    for (let index = 0; index < end; index += step) mean.add((await this.#read(index)).vectors);
    return mean.value();
  }

  async #read(index: number) {
    const { parts, form } = this.#segments;
    const key: [string, number] = [parts, index];
    const [bytes, page] = await this.#store.database.transact(
      'readonly',
      ['vectors', 'items'],
      (transaction) =>
        Promise.all([
          transaction.objectStore('vectors').get(key),
          transaction.objectStore('items').get(key),
        ]),
    );
    if (bytes === undefined || page === undefined)
      return { vectors: new Float32Array(0), items: [] };
    const { data: vectors } = decodeVectors(await form.vectors(key, bytes));
    return { vectors, items: await form.items(key, page) };
  }
}
