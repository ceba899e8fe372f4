/** Exact answers, from a worker that ends with them. */
import type { Truth, TruthRequest } from './search-page';
import type { TruthReply } from './search-truth.worker';

export function findTruth(request: TruthRequest): Promise<readonly Truth[]> {
  const worker = new Worker(new URL('./search-truth.worker.ts', import.meta.url), {
    type: 'module',
  });
  return new Promise<readonly Truth[]>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<TruthReply>): void => {
      resolve(data);
    };
    worker.onerror = ({ message }) => {
      reject(new Error(`The worker failed: ${message}`));
    };
    worker.postMessage(request);
  }).finally(() => {
    worker.terminate();
  });
}
