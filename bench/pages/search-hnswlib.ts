/** hnswlib-wasm: a graph, in memory; its file system is kept in IndexedDB as a whole. */
import type { Peer, PeerIndex } from './search-peer-index';
import type { RowSet, Vectors } from './search-rows';

/** Links per row, and how many candidates are looked at while building and searching. */
const LINKS = 16;
const EF_CONSTRUCTION = 200;
const EF_SEARCH = 64;
const SEED = 100;
const FILE = 'index.dat';

/** What is used of the library. */
interface Library {
  loadHnswlib(fileSystem: 'IDBFS'): Promise<{
    readonly HierarchicalNSW: new (space: 'ip', dimension: number, autoSave: string) => Graph;
  }>;
  syncFileSystem(action: 'read' | 'write'): Promise<void>;
}

interface Graph {
  initIndex(most: number, links: number, efConstruction: number, seed: number): void;
  setEfSearch(ef: number): void;
  addPoints(vectors: readonly Vectors[], labels: readonly number[], replaceDeleted: boolean): void;
  searchKnn(vector: Vectors, limit: number, filter: undefined): { readonly neighbors: number[] };
  readIndex(file: string, most: number): Promise<boolean>;
  writeIndex(file: string): Promise<boolean>;
}

export const hnswlib: Peer = {
  async create(peers, { rows, dimension }) {
    const { library, graph } = await load(peers, dimension);
    graph.initIndex(rows, LINKS, EF_CONSTRUCTION, SEED);
    return indexOf(library, graph);
  },

  async open(peers, { rows, dimension }: RowSet) {
    const { library, graph } = await load(peers, dimension);
    await library.syncFileSystem('read');
    await graph.readIndex(FILE, rows);
    return indexOf(library, graph);
  },
};

async function load(peers: string, dimension: number): Promise<{ library: Library; graph: Graph }> {
  const url = `${peers}hnswlib-wasm/hnswlib.js`;
  const library = (await import(/* @vite-ignore */ url)) as Library;
  const { HierarchicalNSW } = await library.loadHnswlib('IDBFS');
  return { library, graph: new HierarchicalNSW('ip', dimension, '') };
}

function indexOf(library: Library, graph: Graph): PeerIndex {
  graph.setEfSearch(EF_SEARCH);
  return {
    add(first, vectors) {
      const labels = vectors.map((_, index) => first + index);
      graph.addPoints(vectors, labels, false);
    },
    search: (vector, limit) => graph.searchKnn(vector, limit, undefined).neighbors,
    async save() {
      await graph.writeIndex(FILE);
      await library.syncFileSystem('write');
    },
  };
}
