/** What a helper of the scan does: it waits for first passes to take a part in, until it is dismissed. */
import { rankChunk } from '../../core/kernel/first-pass';
import { PassBoard } from '../../core/kernel/pass-board';
import { createWasmCodeKernel } from '../../core/kernel/wasm-code-kernel';

/** Its only message. */
export interface ScanHelperStart {
  /** Shared. */
  readonly memory: WebAssembly.Memory;
  /** Address of the board. */
  readonly board: number;
  /** Address of the histogram that is its own. */
  readonly histogram: number;
}

/** Returns when the helper is dismissed; until then the thread reads no messages. Throws where there is no such kernel. */
export function serveScan({ memory, board: place, histogram }: ScanHelperStart): void {
  const kernel = createWasmCodeKernel(memory);
  if (kernel === null) throw new Error('There is no WASM SIMD here.');
  const board = new PassBoard(kernel.memory, place);
  let last: number | null = 0;
  while (last !== null) {
    last = board.help(last, (pass, chunk) => {
      rankChunk(kernel, pass, chunk, histogram);
    });
  }
}
