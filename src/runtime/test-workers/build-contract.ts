/** What the tests ask of one build of ONNX Runtime, which a worker can load only once. */
import type { CallContext } from '../../protocol/contract-types';

export type OrtBuild = 'wasm' | 'jspi' | 'asyncify';

/** How the weights are handed to ORT. */
export type WeightsForm = 'bytes' | 'blob' | 'blob-bytes';

export interface BuildContract {
  /** Runs a text graph of the tiny models on the WASM provider; dense vector of one text. */
  dense(
    args: {
      readonly build: OrtBuild;
      readonly threads: number;
      /** Of the graph; its weights lie beside it. */
      readonly url: string;
      readonly form: WeightsForm;
      readonly tokens: readonly number[];
    },
    context: CallContext,
  ): Promise<{
    readonly vector: Float32Array;
    /** Ranges that were read of the weights; null where somebody else does the reading. */
    readonly reads: number | null;
  }>;
}
