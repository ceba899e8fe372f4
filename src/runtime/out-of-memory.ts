/**
 * Tells failures for want of memory from others. No engine and no build of ONNX Runtime has a type
 * for them: the words are all there is. Each of these was seen, or stands in the source named.
 */

const SIGNS: readonly RegExp[] = [
  // C++'s own, as ORT passes it on.
  /std::bad_alloc/,
  // ORT's arena and its loader: "Failed to allocate memory for requested buffer of size …",
  // "Can't create a session. failed to allocate a buffer of size …".
  /failed to allocate/i,
  // A size that 32 bits cannot hold.
  /SafeIntOnOverflow/,
  // Engines, for WebAssembly.Memory and ArrayBuffers; WebGPU's GPUOutOfMemoryError.
  /out of memory/i,
  /could not allocate memory/i,
  /Memory\.grow\(\)/,
  /Array ?buffer allocation failed/i,
  /Maximum memory size exceeded/i,
  // Emscripten's abort, of which a failed allocation is the cause in builds without exceptions.
  /\bAborted\((?:OOM|native code called abort\(\))?\)/,
];

/** JavaScript's error for a buffer that is too large, whatever the engine calls it. */
const INVALID_LENGTH = /invalid (?:typed )?array (?:buffer )?length|array length/i;

/** Whether something failed, or one of its causes did, as there was no memory. */
export function isOutOfMemory(thrown: unknown): boolean {
  for (let each = thrown, depth = 0; each instanceof Error && depth < 8; depth++) {
    const { name, message, cause } = each;
    if (SIGNS.some((sign) => sign.test(message))) return true;
    if (name === 'RangeError' && INVALID_LENGTH.test(message)) return true;
    each = cause;
  }
  return typeof thrown === 'string' && SIGNS.some((sign) => sign.test(thrown));
}
