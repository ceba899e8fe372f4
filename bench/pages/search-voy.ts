/** Voy: a k-d tree in memory, which its caller keeps as a string. */
import { keep, kept } from './search-kept';
import type { Peer, PeerIndex } from './search-peer-index';

const KEY = 'voy';
const MODULE = './voy_search_bg.js';

/** What is used of the library. */
interface Library {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  readonly Voy: (new () => Tree) & { deserialize(text: string): Tree };
}

interface Tree {
  add(resource: { readonly embeddings: readonly Resource[] }): void;
  search(vector: Float32Array, limit: number): { readonly neighbors: readonly { id: string }[] };
  serialize(): string;
}

interface Resource {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly embeddings: readonly number[];
}

export const voy: Peer = {
  async create(peers) {
    const { Voy } = await load(peers);
    return indexOf(new Voy());
  },

  async open(peers) {
    const [{ Voy }, text] = await Promise.all([load(peers), kept(KEY)]);
    if (typeof text !== 'string') throw new Error('No index is kept.');
    return indexOf(Voy.deserialize(text));
  },
};

/** As a bundler joins the module and its WebAssembly. */
async function load(peers: string): Promise<Library> {
  const folder = `${peers}voy-search/`;
  const url = new URL(MODULE, folder).href;
  const library = (await import(/* @vite-ignore */ url)) as Library & WebAssembly.ModuleImports;
  const { instance } = await WebAssembly.instantiateStreaming(
    fetch(`${folder}voy_search_bg.wasm`),
    { [MODULE]: library },
  );
  library.__wbg_set_wasm(instance.exports);
  return library;
}

function indexOf(tree: Tree): PeerIndex {
  return {
    add(first, vectors) {
      const embeddings = vectors.map((vector, index) => {
        const id = String(first + index);
        return { id, title: id, url: id, embeddings: Array.from(vector) };
      });
      tree.add({ embeddings });
    },
    search: (vector, limit) => tree.search(vector, limit).neighbors.map(({ id }) => Number(id)),
    save: () => keep(KEY, tree.serialize()),
  };
}
