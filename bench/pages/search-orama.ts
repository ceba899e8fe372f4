/**
 * Orama's vector search: a loop over vectors in memory. Its plug-in for keeping an index writes `save`
 * as text, which is too long for a string soon; IndexedDB takes what `save` gives as it is.
 */
import { keep, kept } from './search-kept';
import type { Peer, PeerIndex } from './search-peer-index';
import type { RowSet } from './search-rows';

const KEY = 'orama';

type Database = Readonly<Record<string, unknown>>;

/** What is used of the library. */
interface Library {
  create(options: { readonly schema: Readonly<Record<string, string>> }): Database;
  insertMultiple(
    database: Database,
    documents: readonly { readonly id: string; readonly vector: readonly number[] }[],
    batchSize: number,
  ): Promise<unknown>;
  searchVector(database: Database, query: object): Promise<{ readonly hits: readonly Hit[] }>;
  save(database: Database): object;
  load(database: Database, saved: unknown): void;
}

interface Hit {
  readonly id: string;
}

export const orama: Peer = {
  async create(peers, set) {
    const library = await importLibrary(peers);
    return indexOf(library, empty(library, set));
  },

  async open(peers, set) {
    const [library, saved] = await Promise.all([importLibrary(peers), kept(KEY)]);
    if (saved === undefined) throw new Error('No index is kept.');
    const database = empty(library, set);
    library.load(database, saved);
    return indexOf(library, database);
  },
};

async function importLibrary(peers: string): Promise<Library> {
  const url = `${peers}orama/index.js`;
  return (await import(/* @vite-ignore */ url)) as Library;
}

function empty(library: Library, { dimension }: RowSet): Database {
  return library.create({ schema: { vector: `vector[${String(dimension)}]` } });
}

function indexOf(library: Library, database: Database): PeerIndex {
  return {
    async add(first, vectors) {
      const documents = vectors.map((vector, index) => ({
        id: String(first + index),
        vector: Array.from(vector),
      }));
      await library.insertMultiple(database, documents, documents.length);
    },
    async search(vector, limit) {
      // Without a least similarity, which would leave out what is far, as texts are from pictures.
      const query = { vector: { value: vector, property: 'vector' }, similarity: -1, limit };
      const { hits } = await library.searchVector(database, query);
      return hits.map(({ id }) => Number(id));
    },
    save: () => keep(KEY, library.save(database)),
  };
}
