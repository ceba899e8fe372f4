/** The other side: transformers.js in a worker of its own, from the Cache API. */
import type { DeliveryRequest, DeliverySide, LoadTimes } from './delivery-page';
import type { PeerReply, PeerRequest } from './peer.worker';

export const transformers: DeliverySide = {
  async download(request) {
    await inWorker({ ...requestOf(request), only: 'download' });
  },
  async prepare(request) {
    await inWorker({ ...requestOf(request), only: null });
  },
  load(request) {
    return inWorker({ ...requestOf(request), only: null });
  },
};

function requestOf({ files: { graph }, texts }: DeliveryRequest): Omit<PeerRequest, 'only'> {
  return { peers: new URL('peers/', location.href).href, graph, texts };
}

/** A worker that does one thing and ends, which gives all of its memory back. */
async function inWorker(request: PeerRequest): Promise<LoadTimes> {
  const start = performance.now();
  const worker = new Worker(new URL('./peer.worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise<LoadTimes>((resolve, reject) => {
      let sessionMs: number | null = null;
      worker.onmessage = ({ data }: MessageEvent<PeerReply>): void => {
        if (data.step === 'failed') {
          reject(new Error(data.message));
          return;
        }
        const ms = performance.now() - start;
        if (data.step === 'session') sessionMs = ms;
        else resolve({ sessionMs, readyMs: ms });
      };
      worker.onerror = ({ message }) => {
        reject(new Error(`The worker failed: ${message}`));
      };
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
}
