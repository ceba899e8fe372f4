/** One encoder on a page of its own, for a driver. */
import { openOwn } from './models-own';
import type { Encoder, EncoderRequest } from './models-page';
import { openPeer } from './models-peer';

let current: Encoder | null = null;

window.models = {
  async open({ request, text }) {
    const start = performance.now();
    const encoder = await openEncoder(request);
    await encoder.encode(text);
    const ms = performance.now() - start;
    current = encoder;
    return { ms, threads: encoder.threads };
  },

  async time(texts) {
    const ms: number[] = [];
    let vector = new Float32Array();
    for (const text of texts) {
      const start = performance.now();
      vector = new Float32Array(await opened().encode(text));
      ms.push(performance.now() - start);
    }
    return { ms, vector: [...vector] };
  },

  async check(text) {
    const { vector, tokens } = await opened().check(text);
    return { vector: [...vector], tokens };
  },
};

function openEncoder(request: EncoderRequest): Promise<Encoder> {
  return request.side === 'photoglot' ? openOwn(request) : openPeer(request);
}

function opened(): Encoder {
  if (current === null) throw new Error('No encoder is open.');
  return current;
}
