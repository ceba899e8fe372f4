/** The other sides, each in a worker, as ours is in one; calls are timed in the page. */
import type { SearchIndex, SearchSide } from './search-index';
import type { PeerName } from './search-page';
import type { PeerCall, PeerReply } from './search-peer.worker';
import type { RowSet } from './search-rows';

export function peerSide(name: PeerName): SearchSide {
  return {
    prepare: () => Promise.resolve(),

    async build(task, onRows) {
      const peer = new PeerWorker();
      const built = await peer.ask(
        { step: 'build', name, peers: peersUrl(), set: setOf(task) },
        onRows,
      );
      if (built.step !== 'built') throw new Error('The worker built nothing.');
      const { ms, saveMs, saveFailure } = built;
      return { ms, saveMs, saveFailure, index: peer };
    },

    async open(task) {
      const peer = new PeerWorker();
      await peer.ask({ step: 'open', name, peers: peersUrl(), set: setOf(task) });
      return peer;
    },
  };
}

function setOf({ rows, dimension, noise }: RowSet): RowSet {
  return { rows, dimension, noise };
}

function peersUrl(): string {
  return new URL('/peers/', location.href).href;
}

/** One call at a time. */
class PeerWorker implements SearchIndex {
  readonly #worker = new Worker(new URL('./search-peer.worker.ts', import.meta.url), {
    type: 'module',
  });

  async search(vector: Float32Array<ArrayBuffer>, limit: number): Promise<readonly number[]> {
    const reply = await this.ask({ step: 'search', vector, limit });
    if (reply.step !== 'found') throw new Error('The worker did not search.');
    return reply.rows;
  }

  ask(call: PeerCall, onRows?: (rows: number) => void): Promise<PeerReply> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<PeerReply>): void => {
        if (data.step === 'failed') reject(new Error(data.message));
        else if (data.step === 'building') onRows?.(data.rows);
        else resolve(data);
      };
      this.#worker.onerror = ({ message }) => {
        reject(new Error(`The worker failed: ${message}`));
      };
      this.#worker.postMessage(call);
    });
  }
}
