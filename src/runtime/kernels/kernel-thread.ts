/** What a thread of the encoder does: it waits for parts of the work, until it is terminated. */
import { createKernel, type KernelName } from './kernel';
import { KernelSlot } from './kernel-slots';
import { callKernel } from './kernel-threads';

/** Its only message. */
export interface KernelThreadStart {
  readonly kernel: KernelName;
  /** Shared. */
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
}

/** Never returns: from then on the thread reads no messages. `ready` is called before. */
export async function serveKernel(
  { kernel: name, memory, thread }: KernelThreadStart,
  ready: () => void,
): Promise<never> {
  const kernel = await createKernel(name, memory);
  const slot = new KernelSlot(memory, thread);
  ready();
  let last = 0;
  for (;;) {
    last = slot.serve(last, (task, [from = 0, to = 0, ...rest]) => {
      callKernel(kernel, task, from, to, rest);
    });
  }
}
