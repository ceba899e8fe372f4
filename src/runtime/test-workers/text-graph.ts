/** The tiny BGE-M3 graph by itself: tokens in, outputs as they are. */
import { WorkerLink } from '../../client/worker-link';
import { padTokens } from '../../preprocess/token-batches';
import type { GraphContract } from './graph-contract';
import { TINY } from './tiny-models';

/** Of one text, without the batch's axis. */
export interface RawOutputs {
  readonly dense: Float32Array;
  /** A weight per token. */
  readonly lexical: Float32Array;
  /** A row for every token but the first. */
  readonly colbert: Float32Array;
}

export class TextGraph {
  readonly #link = new WorkerLink<GraphContract>(
    () => new Worker(new URL('./graph.worker.ts', import.meta.url), { type: 'module' }),
  );

  async open(): Promise<void> {
    const url = `${TINY.naflex}text.fp32.onnx`;
    await this.#link.call('open', { url, weights: true, provider: 'wasm' });
  }

  async run(tokens: readonly number[]): Promise<RawOutputs> {
    const { ids, mask } = padTokens([tokens], 1);
    const dims = [1, tokens.length];
    const [dense, lexical, colbert] = await this.#link.call('run', {
      inputs: {
        input_ids: { type: 'int64', data: ids, dims },
        attention_mask: { type: 'int64', data: mask, dims },
      },
      outputs: ['dense_vecs', 'lexical_weights', 'colbert_vecs'],
    });
    if (!dense || !lexical || !colbert) throw new Error('an output is missing');
    return { dense: dense.data, lexical: lexical.data, colbert: colbert.data };
  }

  dispose(): void {
    this.#link.dispose();
  }
}
