import { serveKernel, type KernelThreadStart } from '../src/runtime/bert/kernel-thread';

// No contract: it never comes back to read another message.
addEventListener('message', ({ data }: MessageEvent<KernelThreadStart>) => {
  void serveKernel(data, () => {
    postMessage('ready');
  });
});
