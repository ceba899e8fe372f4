/** The image tower where it cannot have preparing workers: it does their work itself. */
import { exposeContract } from '../../protocol/expose';
import type { ImageTowerContract } from '../../protocol/tower-contract';
import { ImageTowerHost } from '../image-tower';

const { Worker: RealWorker } = globalThis;

/** As under a policy that forbids them; ONNX Runtime's own threads are let through. */
globalThis.Worker = class extends RealWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    if (options?.name === 'photoglot-preparing') throw new DOMException('No.', 'SecurityError');
    super(url, options);
  }
};

exposeContract<ImageTowerContract>(new ImageTowerHost());
