/** What the tests ask of a single graph, wherever it runs. */
import type { Backend } from '../../models/manifest';
import type { CallContext } from '../../protocol/contract-types';
import type { SessionOptions, TensorInput, TensorOutput } from '../tower-session';

export interface GraphContract {
  /** Loads a graph and the external weights beside it, in place of the one before. */
  open(
    args: { readonly url: string; readonly weights: boolean; readonly provider: Backend },
    context: CallContext,
  ): Promise<null>;
  /** As `open`, of content that the page holds. */
  openBlobs(
    args: Pick<SessionOptions, 'model' | 'data' | 'provider'>,
    context: CallContext,
  ): Promise<null>;
  run(
    args: {
      readonly inputs: Readonly<Record<string, TensorInput>>;
      readonly outputs: readonly string[];
    },
    context: CallContext,
  ): Promise<readonly TensorOutput[]>;
}
