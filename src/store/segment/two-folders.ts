/** Files of two folders as one: a browser may have got its file system since it kept files in the database. */
import { isPhotoglotError } from '../../errors';
import type { ReadableFile, SegmentFolder, WritableFile } from './segment-file';

export class TwoFolders implements SegmentFolder {
  readonly #first: SegmentFolder;
  readonly #second: SegmentFolder;

  /** @param first where new files go, and where files are looked for first */
  constructor(first: SegmentFolder, second: SegmentFolder) {
    this.#first = first;
    this.#second = second;
  }

  create(name: string): Promise<WritableFile> {
    return this.#first.create(name);
  }

  async open(name: string): Promise<ReadableFile> {
    try {
      return await this.#first.open(name);
    } catch (thrown) {
      if (!isPhotoglotError(thrown) || thrown.code !== 'not-found') throw thrown;
      return this.#second.open(name);
    }
  }

  async names(): Promise<readonly string[]> {
    return [...(await this.#first.names()), ...(await this.#second.names())];
  }

  async remove(name: string): Promise<void> {
    await this.#first.remove(name);
    await this.#second.remove(name);
  }
}
