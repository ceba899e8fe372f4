/** Lets a compiled module import a memory that threads share. */

/** In an import: kind "memory", then the flags of its limits. */
const MEMORY = 0x02;
const HAS_MAXIMUM = 0x01;
const SHARED = 0x02;
/** The import as it is encoded: "env", "memory", each with its length before it. */
const NAME = [3, ...bytes('env'), 6, ...bytes('memory'), MEMORY, HAS_MAXIMUM];

/**
 * The same module for a shared memory: a flag in its import is all the difference (WebAssembly
 * threads proposal, limits), and not worth a second copy of it. Throws where there is no such import.
 */
export function shareMemory(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = module.findIndex((_, index) => NAME.every((byte, i) => module[index + i] === byte));
  if (at < 0) throw new RangeError('The module imports no memory "env" "memory" with a maximum.');
  const shared = module.slice();
  shared[at + NAME.length - 1] = HAS_MAXIMUM | SHARED;
  return shared;
}

function bytes(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}
