/**
 * What was downloaded once, in IndexedDB: model files by digest, manifests by URL. Nothing of it
 * is vital: whoever reads must be ready for `undefined`, whoever writes for a refusal.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** Raise with a migration; an old layout may also just be dropped, as it can be fetched again. */
const LAYOUT_VERSION = 1;

/** Bytes; a Blob cannot be made of or read as two gigabytes at once in Chromium. */
const PIECE = 2 ** 28;

interface CacheSchema extends DBSchema {
  /** SHA-256 in hex → the file. */
  files: { key: string; value: Blob };
  /** URL → the manifest as parsed JSON, unchecked. */
  manifests: { key: string; value: unknown };
}

export class ModelCache {
  readonly #name: string;
  #database: Promise<IDBPDatabase<CacheSchema>> | null = null;

  /** @param name of the database; tests take their own. */
  constructor(name = 'photoglot-models') {
    this.#name = name;
  }

  /** The file of that digest; `undefined` when there is none, or none of that size. */
  async readFile(sha256: string, size: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const blob = await (await this.#open()).get('files', sha256);
      if (blob?.size !== size) return undefined;
      return await bytesOf(blob);
    } catch {
      return undefined;
    }
  }

  /** Keeps a file whose digest was verified. False when the browser refuses (quota, private mode). */
  async writeFile(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    return this.#write('files', sha256, () => new Blob(piecesOf(bytes)));
  }

  /** The manifest that was kept for that URL, as JSON. */
  async readManifest(url: string): Promise<unknown> {
    try {
      return await (await this.#open()).get('manifests', url);
    } catch {
      return undefined;
    }
  }

  /** Keeps a manifest. False when the browser refuses. */
  async writeManifest(url: string, manifest: unknown): Promise<boolean> {
    return this.#write('manifests', url, () => manifest);
  }

  async #write<Store extends 'files' | 'manifests'>(
    store: Store,
    key: string,
    make: () => CacheSchema[Store]['value'],
  ): Promise<boolean> {
    try {
      await (await this.#open()).put(store, make(), key);
      return true;
    } catch {
      return false;
    }
  }

  async #open(): Promise<IDBPDatabase<CacheSchema>> {
    this.#database ??= this.#connect();
    try {
      return await this.#database;
    } catch (thrown) {
      // A failed opening is not remembered: the next call tries again.
      this.#database = null;
      throw thrown;
    }
  }

  #connect(): Promise<IDBPDatabase<CacheSchema>> {
    const forget = (): void => {
      this.#database = null;
    };
    return openDB<CacheSchema>(this.#name, LAYOUT_VERSION, {
      upgrade(database) {
        database.createObjectStore('files');
        database.createObjectStore('manifests');
      },
      // A newer tab wants to upgrade, or somebody deletes the database: let go.
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    });
  }
}

function piecesOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const count = Math.ceil(bytes.length / PIECE);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * PIECE, (index + 1) * PIECE),
  );
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (blob.size <= PIECE) return new Uint8Array(await blob.arrayBuffer());
  const bytes = new Uint8Array(blob.size);
  for (let start = 0; start < blob.size; start += PIECE) {
    bytes.set(new Uint8Array(await blob.slice(start, start + PIECE).arrayBuffer()), start);
  }
  return bytes;
}
