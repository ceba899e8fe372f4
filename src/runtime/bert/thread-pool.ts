/** Kernels on several threads: workers of this worker, on one memory. */
import { PhotoglotError } from '../../errors';
import type { BertKernel, KernelName } from './bert-kernel';
import { KernelSlot } from './kernel-slots';
import type { KernelThreadStart } from './kernel-thread';
import { callKernel, type KernelThreads } from './kernel-threads';
import { spawnKernelWorker } from './spawn-kernel-worker';

/** The longest part, a head of 8,192 tokens, takes a second; a thread that takes this long is dead. */
const PATIENCE = 60_000;

/**
 * Starts `count − 1` threads beside the calling one. Rejects with `session-failed` where one does not
 * start; none is left behind then.
 *
 * @param kernel the caller's own, on the same shared memory
 */
export async function threadPool(
  kernel: BertKernel,
  name: KernelName,
  memory: WebAssembly.Memory,
  count: number,
): Promise<KernelThreads> {
  const workers = Array.from({ length: count - 1 }, () => spawnKernelWorker());
  const release = (): void => {
    for (const worker of workers) worker.terminate();
  };
  try {
    await Promise.all(
      workers.map((worker, index) => started(worker, { kernel: name, memory, thread: index })),
    );
  } catch (thrown) {
    release();
    throw thrown;
  }
  const slots = workers.map((_, index) => new KernelSlot(memory, index));
  return {
    count,
    kernel,
    run: (task, total, unit, rest) => {
      const bounds = partsOf(total, unit, count);
      const asked = slots.filter((slot, index) => {
        const [from, to] = bounds[index + 1] ?? [0, 0];
        if (from < to) slot.ask(task, from, to, rest(index + 1));
        return from < to;
      });
      const [from, to] = bounds[0] ?? [0, 0];
      callKernel(kernel, task, from, to, rest(0));
      for (const slot of asked) {
        if (!slot.finished(PATIENCE)) throw failed('A thread of the text tower has failed.');
      }
    },
    release,
  };
}

/** 0 to `total` in even parts whose bounds are multiples of `unit`. */
export function partsOf(
  total: number,
  unit: number,
  count: number,
): readonly (readonly [from: number, to: number])[] {
  const units = Math.ceil(total / unit);
  const bound = (part: number): number =>
    Math.min(total, Math.floor((units * part) / count) * unit);
  return Array.from({ length: count }, (_, part) => [bound(part), bound(part + 1)] as const);
}

function started(worker: Worker, start: KernelThreadStart): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onmessage = () => {
      resolve();
    };
    worker.onerror = () => {
      reject(failed('A thread of the text tower could not be started.'));
    };
    worker.postMessage(start);
  });
}

function failed(message: string): PhotoglotError {
  return new PhotoglotError('session-failed', message);
}
