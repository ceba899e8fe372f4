/** The packed files of all collections, and who may remove which. */
import { NEVER } from '../core/never';
import { PhotoglotError } from '../errors';
import type { Database } from './database';
import { hasLocks, holdLock } from './locks';
import { fileLock, LockedFolder } from './locked-folder';
import { PackedFile } from './packed/packed-file';
import { packedKernel } from './packed/packed-kernel';
import { PackedRows } from './packed/packed-rows';
import { filesOf, type CollectionRecord, type StoredFile } from './schema';
import type { StoredForm } from './sealed/stored-form';
import { BlobFolder } from './segment/blob-folder';
import { Crc32c } from './segment/crc32c';
import { openOpfsFolder } from './segment/opfs-folder';
import type { SegmentFolder } from './segment/segment-file';
import { TwoFolders } from './segment/two-folders';

const FOLDER = ['photoglot'];

/** A file that is being made: it is held until a record names it, or nobody wants it. */
export interface NewFile {
  readonly name: string;
  /** To be called when its record is written, or nobody wants the file. */
  readonly release: () => void;
}

export class PackFiles {
  readonly #database: Database;
  #folder: Promise<LockedFolder> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In the origin private file system; in the database where there is none. */
  folder(): Promise<LockedFolder> {
    this.#folder ??= openFolder(this.#database, this.#closed).catch((thrown: unknown) => {
      this.#folder = null;
      throw thrown;
    });
    return this.#folder;
  }

  /** The same for the files of a collection. @param form in which they lie there */
  async folderOf(form: StoredForm): Promise<SegmentFolder> {
    return form.folder(await this.folder());
  }

  /** A name that nobody has. */
  async reserve(): Promise<NewFile> {
    const name = crypto.randomUUID();
    return { name, release: await holdLock(fileLock(name), 'shared') };
  }

  /** All of a collection's files. Rejects with `not-found`, `storage`, `storage-version`, `too-large`. */
  async openRows(files: readonly StoredFile[], form: StoredForm): Promise<PackedRows> {
    const crc = await Crc32c.create();
    const opened: PackedFile[] = [];
    try {
      for (const file of files) opened.push(await this.#open(file, form, crc));
      return await PackedRows.open(opened, packedKernel(), crc, NEVER);
    } catch (thrown) {
      for (const file of opened) file.close();
      throw thrown;
    }
  }

  /**
   * Brings rows that are open to these files, if they hold the same rows, and maybe more behind them; else
   * false, and nothing has changed. Rejects as {@link openRows}.
   * @param isNumbered whether rows have the numbers that they had, so that as many in other files are the same
   */
  async adopt(
    rows: PackedRows,
    files: readonly StoredFile[],
    form: StoredForm,
    isNumbered: boolean,
  ): Promise<boolean> {
    const known = rows.files;
    const same = known.findIndex(({ name }, index) => files[index]?.name !== name);
    const from = same < 0 ? known.length : same;
    const others = replacing(
      files.slice(from),
      known.slice(from).reduce((sum, file) => sum + file.rows, 0),
    );
    if (others === null || (others.length > 0 && !isNumbered)) return false;
    // The new ones first: what may fail halfway must not have moved what there is.
    for (const file of files.slice(from + others.length)) await this.#append(rows, file, form);
    if (others.length > 0) await this.#replace(rows, [from, known.length], others, form);
    return true;
  }

  /**
   * Removes those that nobody has open, the others later; of no effect on files that a record names, as
   * one may whose writing seemed to fail. Never rejects.
   */
  async remove(files: readonly Pick<StoredFile, 'name'>[]): Promise<void> {
    if (files.length === 0) return;
    const names = files.map(({ name }) => name);
    await this.folder()
      .then((folder) => folder.removeUnused(names, this.#isUsed))
      .catch(() => undefined);
  }

  /** Removes files that no record names and nobody holds. */
  async clean(): Promise<void> {
    // Without locks nobody knows whether somebody is about to name them.
    if (!hasLocks()) return;
    const folder = await this.folder();
    await folder.removeUnused(await folder.names(), this.#isUsed);
  }

  readonly #isUsed = async (name: string): Promise<boolean> => {
    const records: readonly CollectionRecord[] = await this.#database.query((database) =>
      database.getAll('collections'),
    );
    return records.some((record) => filesOf(record).some((file) => file.name === name));
  };

  /** Whoever took the place of the file, or dropped its collection, could not remove what was read here. */
  readonly #closed = (name: string): void => {
    void this.remove([{ name }]);
  };

  async #replace(
    rows: PackedRows,
    range: readonly [number, number],
    files: readonly StoredFile[],
    form: StoredForm,
  ): Promise<void> {
    const crc = await Crc32c.create();
    const opened: PackedFile[] = [];
    try {
      for (const file of files) opened.push(await this.#open(file, form, crc));
      await rows.replace(range, opened, crc, NEVER);
    } catch (thrown) {
      for (const file of opened) file.close();
      throw thrown;
    }
  }

  async #append(rows: PackedRows, file: StoredFile, form: StoredForm): Promise<void> {
    const crc = await Crc32c.create();
    const opened = await this.#open(file, form, crc);
    try {
      await rows.append(opened, crc, NEVER);
    } catch (thrown) {
      opened.close();
      throw thrown;
    }
  }

  async #open({ name, rows }: StoredFile, form: StoredForm, crc: Crc32c): Promise<PackedFile> {
    const file = await PackedFile.open(await this.folderOf(form), name, crc);
    if (file.rows === rows) return file;
    file.close();
    throw new PhotoglotError(
      'storage',
      `A packed file has ${file.rows} rows; its collection says ${rows}.`,
    );
  }
}

/** The first of the files, as many as have so many rows together; null when none have. */
function replacing(files: readonly StoredFile[], rows: number): readonly StoredFile[] | null {
  let sum = 0;
  for (let count = 0; count <= files.length; count++) {
    if (sum === rows) return files.slice(0, count);
    sum += files[count]?.rows ?? 0;
  }
  return null;
}

async function openFolder(
  database: Database,
  onClosed: (name: string) => void,
): Promise<LockedFolder> {
  const blobs = new BlobFolder(packsOf(database));
  const folder = await openOpfsFolder(FOLDER);
  return new LockedFolder(folder === null ? blobs : new TwoFolders(folder, blobs), onClosed);
}

function packsOf(database: Database): ConstructorParameters<typeof BlobFolder>[0] {
  return {
    get: (name) => database.query((opened) => opened.get('packs', name)),
    put: (name, blob) =>
      database.transact('readwrite', ['packs'], async (transaction) => {
        await transaction.objectStore('packs').put(blob, name);
      }),
    delete: (name) => database.query((opened) => opened.delete('packs', name)),
    keys: () => database.query((opened) => opened.getAllKeys('packs')),
  };
}
