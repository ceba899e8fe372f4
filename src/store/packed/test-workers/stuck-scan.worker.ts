/** Comes in to help with a pass, and never leaves. */
import { createWasmCodeKernel } from '../../../core/kernel/wasm-code-kernel';
import { PassBoard } from '../../../core/kernel/pass-board';
import type { ScanHelperStart } from '../scan-helper';

addEventListener('message', ({ data }: MessageEvent<ScanHelperStart>) => {
  const kernel = createWasmCodeKernel(data.memory);
  if (kernel === null) throw new Error('There is no such kernel.');
  const board = new PassBoard(kernel.memory, data.board);
  let last: number | null = 0;
  while (last !== null) {
    last = board.help(last, () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  }
});
