/** A folder whose files are encrypted. Their names are not. */
import type { ReadableFile, SegmentFolder, WritableFile } from '../segment/segment-file';
import type { DataKey } from './data-key';
import { SealedReader } from './sealed-reader';
import { SealedWriter } from './sealed-writer';

export class SealedFolder implements SegmentFolder {
  readonly #folder: SegmentFolder;
  readonly #data: DataKey;

  constructor(folder: SegmentFolder, data: DataKey) {
    this.#folder = folder;
    this.#data = data;
  }

  async create(name: string): Promise<WritableFile> {
    const file = await this.#folder.create(name);
    try {
      return await SealedWriter.of(file, name, this.#data);
    } catch (thrown) {
      file.close();
      throw thrown;
    }
  }

  async open(name: string): Promise<ReadableFile> {
    const file = await this.#folder.open(name);
    try {
      return await SealedReader.open(file, name, this.#data);
    } catch (thrown) {
      file.close();
      throw thrown;
    }
  }

  names(): Promise<readonly string[]> {
    return this.#folder.names();
  }

  remove(name: string): Promise<void> {
    return this.#folder.remove(name);
  }
}
