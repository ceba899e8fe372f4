/**
 * Object URLs of thumbnails, counted: a URL is revoked once nobody shows it and enough newer ones
 * have been let go since, so that the same photos in another order do not flicker.
 */
const KEPT_UNUSED = 240;

interface Entry {
  url: Promise<string | null>;
  users: number;
}

export class Thumbnails {
  readonly #read: (id: string) => Promise<Blob | null>;
  readonly #entries = new Map<string, Entry>();

  constructor(read: (id: string) => Promise<Blob | null>) {
    this.#read = read;
  }

  /** The URL of a photo's thumbnail; null when it has none. Pair with {@link release}. */
  acquire(id: string): Promise<string | null> {
    const entry = this.#entries.get(id) ?? { url: this.#load(id), users: 0 };
    entry.users += 1;
    this.#touch(id, entry);
    return entry.url;
  }

  release(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.users -= 1;
    this.#touch(id, entry);
    this.#trim();
  }

  /** Forgets a photo that is gone. */
  forget(id: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.#revoke(id, entry);
  }

  clear(): void {
    for (const [id, entry] of [...this.#entries]) this.#revoke(id, entry);
  }

  async #load(id: string): Promise<string | null> {
    try {
      const blob = await this.#read(id);
      return blob === null ? null : URL.createObjectURL(blob);
    } catch {
      // A tile without a picture is shown as such; the next one to ask tries again.
      this.#entries.delete(id);
      return null;
    }
  }

  /** Moves an entry to the young end of the map. */
  #touch(id: string, entry: Entry): void {
    this.#entries.delete(id);
    this.#entries.set(id, entry);
  }

  #trim(): void {
    const unused = [...this.#entries].filter(([, entry]) => entry.users <= 0);
    for (const [id, entry] of unused.slice(0, Math.max(0, unused.length - KEPT_UNUSED))) {
      this.#revoke(id, entry);
    }
  }

  #revoke(id: string, entry: Entry): void {
    this.#entries.delete(id);
    void entry.url.then((url) => {
      if (url !== null) URL.revokeObjectURL(url);
    });
  }
}
