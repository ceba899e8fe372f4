/** What the browser tests of the encoder ask of their worker. */
import type { CallContext } from '../../../protocol/contract-types';
import type { KernelName } from '../../kernels/kernel';
import type { BertFiles, BertOutputs } from './bert-runner';

export interface BertContract {
  /** The form of the kernels that was found to be fastest. */
  fastest(args: null, context: CallContext): Promise<KernelName>;
  /** In place of the one before. */
  load(
    args: BertFiles & { readonly kernel: KernelName; readonly threads: number },
    context: CallContext,
  ): Promise<null>;
  encode(
    texts: readonly (readonly number[])[],
    context: CallContext,
  ): Promise<readonly BertOutputs[]>;
}
