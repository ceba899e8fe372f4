import { serveKernel, type KernelThreadStart } from '../src/runtime/kernels/kernel-thread';

// No contract: it never comes back to read another message.
addEventListener('message', ({ data }: MessageEvent<KernelThreadStart>) => {
  serveKernel(data, () => {
    postMessage('ready');
  }).catch((thrown: unknown) => {
    // A rejection would not be heard of in the worker that waits for this one.
    reportError(thrown);
  });
});
