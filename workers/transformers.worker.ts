/** Both towers of transformers.js: one file, so that a bundler packs the library once. */
import { exposeContract } from '../src/protocol/expose';
import type {
  TransformersImageContract,
  TransformersTextContract,
} from '../src/protocol/transformers-contract';
import { TransformersImageHost } from '../src/runtime/transformers/image-host';
import { TransformersTextHost } from '../src/runtime/transformers/text-host';

// The name that the page gave: see src/client/spawn-transformers.ts.
if (self.name === 'photoglot-transformers-text') {
  exposeContract<TransformersTextContract>(new TransformersTextHost());
} else {
  exposeContract<TransformersImageContract>(new TransformersImageHost());
}
