/**
 * What WebAssembly can do: the engine is asked to validate a module of one function that uses the
 * feature, in the fewest bytes. Validation runs nothing, and knows each instruction or does not.
 */

/** `\0asm`, version 1; a type section with one type `() → v128`; a function section with one such function. */
const ONE_FUNCTION = [
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // Section 1, 5 bytes: 1 type, function (0x60), 0 parameters, 1 result, v128 (0x7b).
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  // Section 3, 2 bytes: 1 function, of type 0.
  ...[0x03, 0x02, 0x01, 0x00],
];

/** i32.const `value`; i8x16.splat, which is instruction 15 behind SIMD's prefix 0xfd. */
const splat = (value: number): number[] => [0x41, value, 0xfd, 0x0f];

/** A module whose function consists of these instructions. */
function moduleOf(instructions: readonly number[]): Uint8Array<ArrayBuffer> {
  // No locals; 0x0b ends the function.
  const body = [0x00, ...instructions, 0x0b];
  // Section 10: 1 function. Sizes below 128 are a single byte.
  return Uint8Array.from([...ONE_FUNCTION, 0x0a, body.length + 2, 0x01, body.length, ...body]);
}

/** i8x16.popcnt (98) is of the standard, but of none of its drafts. Exported for tests. */
export const SIMD_MODULE = moduleOf([...splat(0), 0xfd, 0x62]);

/** i8x16.relaxed_swizzle (0x100, in LEB128 0x80 0x02) of two vectors. Exported for tests. */
export const RELAXED_SIMD_MODULE = moduleOf([...splat(1), ...splat(2), 0xfd, 0x80, 0x02]);

/** Whether there are 128-bit vectors. */
export function hasSimd(): boolean {
  return isValid(SIMD_MODULE);
}

/** Whether there are vector instructions whose rounding is the processor's own. */
export function hasRelaxedSimd(): boolean {
  return isValid(RELAXED_SIMD_MODULE);
}

/** Whether WASM can be suspended until a promise settles. */
export function hasJspi(): boolean {
  return hasWasm() && 'Suspending' in WebAssembly;
}

/** False for bytes that the engine does not understand, and where there is no engine. */
export function isValid(module: Uint8Array<ArrayBuffer>): boolean {
  return hasWasm() && WebAssembly.validate(module);
}

function hasWasm(): boolean {
  // Some browsers switch it off for safety, whatever the type says.
  return 'WebAssembly' in globalThis;
}
