/** What the browser tests of the image tower ask of their worker. */
import type { CallContext } from '../../../protocol/contract-types';
import type { KernelName } from '../../kernels/kernel';
import type { PatchGrid } from '../siglip-encoder';
import type { SiglipFiles } from './siglip-runner';

export interface SiglipContract {
  /** In place of the one before. */
  load(
    args: SiglipFiles & {
      readonly kernel: KernelName;
      readonly threads: number;
      /** Of a flag that is waited for without end. @default none */
      readonly queries?: SharedArrayBuffer;
    },
    context: CallContext,
  ): Promise<null>;
  encode(pictures: readonly PatchGrid[], context: CallContext): Promise<readonly Float32Array[]>;
}
