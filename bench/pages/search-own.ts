/** Photoglot's side: a collection through the public interface. */
import { createLens, type Collection, type Lens, type Where } from 'photoglot';
import { itemsFile, vectorsFile } from './search-files';
import type { SearchIndex, SearchSide } from './search-index';
import type { Vectors } from './search-rows';

const NAME = 'rows';

let lens: Lens | null = null;
let collection: Collection | null = null;

export const photoglot: SearchSide = {
  /** With a model that only says how long vectors are; searches by vector need no tower. */
  async prepare({ dimension }) {
    const model = new URL(`/search-model/${String(dimension)}/`, location.href);
    lens = await createLens({ model, assets: '/', device: 'wasm', memory: 'low' });
    await lens.unload();
  },

  async build(task, onRows) {
    const { info } = currentLens();
    const start = performance.now();
    const opened = await openCollection();
    const { added, failed } = await opened.importVectors(
      { format: 'npy', vectors: vectorsFile(task), items: itemsFile(task.rows) },
      {
        model: `${info.model}@${info.version}`,
        onProgress: ({ done }) => {
          onRows(done);
        },
      },
    );
    if (added !== task.rows) throw new Error(failed[0]?.message ?? 'Rows were skipped.');
    const ms = performance.now() - start;
    return { ms, saveMs: null, saveFailure: null, index: indexOf(opened) };
  },

  async open() {
    return indexOf(await openCollection());
  },
};

/** Milliseconds of one search, with a filter or without. */
export async function timeSearch(vector: Vectors, limit: number, where?: Where): Promise<number> {
  const searched = currentCollection();
  const start = performance.now();
  await searched.search(
    { vector },
    { limit, cutoff: 0, ...(where === undefined ? {} : { where }) },
  );
  return performance.now() - start;
}

/** Milliseconds to add the vectors, which are deleted again. */
export async function timeAdding(vectors: readonly Vectors[]): Promise<number> {
  const target = currentCollection();
  const items = vectors.map((vector, index) => ({
    id: `added ${String(index)}`,
    vector,
    meta: { percent: index % 100 },
  }));
  const start = performance.now();
  const { added } = await target.add(items);
  const ms = performance.now() - start;
  if (added.length !== items.length) throw new Error('Not all rows were added.');
  await target.delete(added);
  return ms;
}

function indexOf(searched: Collection): SearchIndex {
  return {
    async search(vector, limit) {
      const { hits } = await searched.search({ vector }, { limit, cutoff: 0 });
      return hits.map(({ id }) => Number(id));
    },
  };
}

async function openCollection(): Promise<Collection> {
  collection = await currentLens().open(NAME);
  return collection;
}

function currentLens(): Lens {
  if (lens === null) throw new Error('There is no lens: prepare comes first.');
  return lens;
}

function currentCollection(): Collection {
  if (collection === null) throw new Error('No collection is open.');
  return collection;
}
