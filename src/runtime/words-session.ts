/**
 * A graph whose table of words is beside it, in packs: the rows of a text's tokens are one of its inputs. So
 * the table is neither in WASM's memory nor on the GPU, and a device has the words of its languages alone.
 */
import { PhotoglotError } from '../errors';
import type { TextTower } from '../models/manifest';
import { WordRows } from './bert/word-rows';
import type { ModelSession } from './model-session';
import type { TensorInput, TensorOutput, TowerSession } from './tower-session';

export interface WordsSessionOptions {
  /** Packs of word rows. */
  readonly rows: readonly { readonly path: string; readonly blob: Blob }[];
  readonly tower: TextTower;
  /** Makes the graph's session. */
  readonly open: () => Promise<TowerSession>;
}

export class WordsSession implements ModelSession {
  readonly #session: TowerSession;
  readonly #rows: WordRows;
  readonly #input: NonNullable<TextTower['words']>;
  readonly #ids: string;

  private constructor(
    session: TowerSession,
    rows: WordRows,
    input: NonNullable<TextTower['words']>,
    ids: string,
  ) {
    this.#session = session;
    this.#rows = rows;
    this.#input = input;
    this.#ids = ids;
  }

  /** Throws `session-failed` for packs that do not fit, `storage`, and what the graph's session does. */
  static async create({ rows, tower, open }: WordsSessionOptions): Promise<WordsSession> {
    const { words, inputs } = tower;
    if (words === undefined) throw new PhotoglotError('internal', 'The tower has no "words".');
    const packs = await WordRows.open(rows, words);
    return new WordsSession(await open(), packs, words, inputs.ids);
  }

  get threads(): number {
    return this.#session.threads;
  }

  /** Whether the packs that were given have a row for that token. */
  has(id: number): boolean {
    return this.#rows.has(id);
  }

  /** As a session whose graph has its words. */
  async run<const Names extends readonly string[]>(
    inputs: Readonly<Record<string, TensorInput>>,
    outputs: Names,
  ): Promise<{ readonly [Index in keyof Names]: TensorOutput }> {
    const ids = inputs[this.#ids];
    if (ids?.type !== 'int64') throw new PhotoglotError('internal', 'The tokens are missing.');
    const words = await this.#words(Array.from(ids.data, Number), ids.dims);
    return this.#session.run({ ...inputs, [this.#input.input]: words }, outputs);
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  /** `[B,T]` tokens → `[B,T,width]`. */
  async #words(ids: readonly number[], dims: readonly number[]): Promise<TensorInput> {
    const { width } = this.#input;
    const codes = new Int8Array(ids.length * width);
    const scales = new Float32Array(ids.length);
    await this.#rows.gather(ids, codes, scales);
    const data = new Float32Array(codes.length);
    for (const [token, scale] of scales.entries()) {
      const end = (token + 1) * width;
      for (let at = token * width; at < end; at++) data[at] = (codes[at] ?? 0) * scale;
    }
    return { type: 'float32', data, dims: [...dims, width] };
  }
}
