/** Kernels on several threads: workers of this worker, on one memory. */
import { KernelSlot } from './kernel-slots';
import type { Kernel, KernelName } from './kernel';
import type { KernelThreadStart } from './kernel-thread';
import { callKernel, singleThread, type KernelThreads } from './kernel-threads';
import { spawnKernelWorker } from './spawn-kernel-worker';

/** The longest part, some heads of 8,192 tokens, takes seconds; a thread that takes this long is dead. */
const PATIENCE_MS = 60_000;
/** Its file comes from where this worker's did, and is small. */
const START_MS = 20_000;

/** A thread has died, or was too slow: what it was to compute is not there. */
export class ThreadsFailed extends Error {
  override readonly name = 'ThreadsFailed';
}

/**
 * Starts `count − 1` threads beside the calling one. Where they cannot be started the calling thread
 * is alone: it takes longer, and gives the same.
 *
 * @param kernel the caller's own, on the same memory, which is shared where `count` is more than 1
 */
export async function threadPool(
  kernel: Kernel,
  name: KernelName,
  memory: WebAssembly.Memory,
  count: number,
): Promise<KernelThreads> {
  if (count <= 1) return singleThread(kernel);
  const workers: Worker[] = [];
  const release = (): void => {
    for (const worker of workers) worker.terminate();
  };
  try {
    while (workers.length < count - 1) workers.push(spawnKernelWorker());
    await Promise.all(
      workers.map((worker, index) => started(worker, { kernel: name, memory, thread: index })),
    );
  } catch {
    release();
    return singleThread(kernel);
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
        if (!slot.finished(PATIENCE_MS)) throw new ThreadsFailed('A thread has failed.');
      }
    },
    alone: () => singleThread(kernel),
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
    const timer = setTimeout(() => {
      reject(new ThreadsFailed('A thread does not start.'));
    }, START_MS);
    const end = (settle: () => void) => (): void => {
      clearTimeout(timer);
      settle();
    };
    worker.onmessage = end(resolve);
    worker.onerror = worker.onmessageerror = end(() => {
      reject(new ThreadsFailed('A thread cannot be started.'));
    });
    worker.postMessage(start);
  });
}
