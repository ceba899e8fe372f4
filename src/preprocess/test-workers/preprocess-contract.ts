/** What the tests ask of preprocessing, wherever it runs: from a formula to the tower's input. */
import type { CallContext } from '../../protocol/contract-types';
import type { PatchBatch } from '../pack-patches';
import type { ResizeFilter } from '../resize-kernel';
import type { FormulaName } from './formula-picture';

export interface PreprocessTask {
  readonly passes: 'wasm' | 'scalar';
  readonly picture: FormulaName;
  readonly width: number;
  readonly height: number;
}

export interface PreprocessContract {
  /** Content ids of each text, by a parsed tokenizer.json. */
  tokenize(
    args: { readonly tokenizer: unknown; readonly texts: readonly string[] },
    context: CallContext,
  ): Promise<readonly (readonly number[])[]>;
  /** SigLIP 2 NaFlex, a batch of one, padded to `maxPatches`. */
  patches(
    task: PreprocessTask & { readonly patch: number; readonly maxPatches: number },
    context: CallContext,
  ): Promise<PatchBatch>;
  /** SigLIP of a fixed size, a batch of one: `[1, 3, side, side]`. */
  planes(
    task: PreprocessTask & { readonly side: number; readonly filter: ResizeFilter },
    context: CallContext,
  ): Promise<Float32Array<ArrayBuffer>>;
}
