/** What the tests ask of a kernel, wherever it runs. Data arrives in pieces, as in a collection. */
import type { CallContext } from '../../../protocol/contract-types';
import type { ScoredRow } from '../../top-k';
import type { ScoreKernel } from '../score-kernel';

export interface KernelTask {
  readonly kernel: ScoreKernel['name'];
  readonly dimension: number;
  /** Appended one after the other. */
  readonly pieces: readonly Float32Array[];
  /** Ascending indices of the rows to keep after all were appended; null for all. */
  readonly keep: readonly number[] | null;
  readonly query: Float32Array;
}

export interface KernelContract {
  /** Scores of all rows. */
  score(task: KernelTask, context: CallContext): Promise<Float32Array>;
  /** The best rows whose index `modulus` divides. */
  search(
    args: KernelTask & { readonly limit: number; readonly modulus: number },
    context: CallContext,
  ): Promise<readonly ScoredRow[]>;
  /** All rows, read back. */
  copy(task: KernelTask, context: CallContext): Promise<Float32Array>;
}
