/** The other side of the models bench: transformers.js in a worker, as our text tower is in one. */
import type { Encoder, PeerModelRequest } from './models-page';
import type { PeerAnswer, PeerCall } from './models-peer.worker';

export async function openPeer(request: PeerModelRequest): Promise<Encoder> {
  const worker = new Worker(new URL('./models-peer.worker.ts', import.meta.url), {
    type: 'module',
  });
  const peers = new URL('peers/', location.href).href;
  const opened = await ask(worker, { step: 'open', peers, request });
  if (opened.step !== 'opened') throw new Error('The worker did not open the model.');
  const check: Encoder['check'] = async (text) => {
    const encoded = await ask(worker, { step: 'encode', text });
    if (encoded.step !== 'encoded') throw new Error('The worker did not encode the text.');
    return encoded;
  };
  return {
    threads: opened.threads,
    encode: async (text) => (await check(text)).vector,
    check,
  };
}

/** One call at a time. */
function ask(worker: Worker, call: PeerCall): Promise<PeerAnswer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<PeerAnswer>): void => {
      if (data.step === 'failed') reject(new Error(data.message));
      else resolve(data);
    };
    worker.onerror = ({ message }) => {
      reject(new Error(`The worker failed: ${message}`));
    };
    worker.postMessage(call);
  });
}
