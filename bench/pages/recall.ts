/** Puts the parts of the recall page together. */
import type { Collection } from 'photoglot';
import { currentLens, openModel } from './current-lens';
import { embedImages, embedTexts } from './embed';
import { fetchFile, fetchVectors } from './npy-rows';
import { embedCrops } from './recall-crops';
import type { RecallPage, RecallRequest } from './recall-page';
import type { RecallTruthReply } from './recall-truth.worker';
import { itemsFile } from './search-files';
import type { Truth } from './search-page';

const LIMIT = 10;

window.recall = {
  async open(request) {
    const { model, version, dimension } = await openModel(request);
    return { model, version, dimension };
  },

  embedTexts,
  embedImages,
  embedCrops,

  async fill({ rows: url, count }) {
    const { model, version } = currentLens().info;
    const { body } = await fetchFile(url);
    const items = itemsFile(count);
    const { added, failed } = await (
      await collection()
    ).importVectors({ format: 'npy', vectors: body, items }, { model: `${model}@${version}` });
    if (added !== count) throw new Error(failed[0]?.message ?? 'Rows were skipped.');
  },

  truth: findTruth,

  async ask({ queries }) {
    const vectors = await fetchVectors(queries);
    const searched = await collection();
    const ms: number[] = [];
    const found: number[][] = [];
    for (const vector of vectors) {
      const start = performance.now();
      const { hits } = await searched.search({ vector }, { limit: LIMIT, cutoff: 0 });
      ms.push(performance.now() - start);
      found.push(hits.map(({ id }) => Number(id)));
    }
    return { ms, found };
  },
} satisfies RecallPage;

function collection(): Promise<Collection> {
  return currentLens().open('recall');
}

function findTruth({ rows, queries }: RecallRequest): Promise<Truth> {
  const worker = new Worker(new URL('./recall-truth.worker.ts', import.meta.url), {
    type: 'module',
  });
  return new Promise<Truth>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<RecallTruthReply>): void => {
      if ('failure' in data) reject(new Error(data.failure));
      else resolve(data);
    };
    worker.onerror = ({ message }) => {
      reject(new Error(`The worker failed: ${message}`));
    };
    const absolute = (url: string): string => new URL(url, location.href).href;
    worker.postMessage({ rows: absolute(rows), queries: absolute(queries) });
  }).finally(() => {
    worker.terminate();
  });
}
