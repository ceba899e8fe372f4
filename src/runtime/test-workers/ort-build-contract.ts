/** What the tests ask about the builds of ONNX Runtime that are loaded. */
import type { Backend } from '../../models/manifest';
import type { CallContext } from '../../protocol/contract-types';

export interface OrtBuildContract {
  /** Names of ORT's wasm files that were fetched to make a session for the provider. */
  fetched(
    args: {
      readonly provider: Backend;
      /** Whether WebAssembly can wait for promises, or as if it could not. */
      readonly jspi: boolean;
    },
    context: CallContext,
  ): Promise<readonly string[]>;
}
