/** Gives memory back at once, where waiting for the garbage collector would keep it for minutes. */

/** ES2024; not in the types yet, and not in every browser. */
interface Detachable {
  transfer?(length: number): ArrayBuffer;
}

/**
 * Frees a buffer that nobody reads any more; views on it become empty. Does nothing where the
 * browser cannot: the buffer then goes with its last reference.
 */
export function freeBuffer(buffer: ArrayBuffer): void {
  (buffer as Detachable).transfer?.(0);
}
