/** Random vectors for tests: the same for the same seed. */

/** A function that makes vectors of normally distributed numbers (Box–Muller over mulberry32). */
export function gaussian(seed: number): (length: number) => Float32Array<ArrayBuffer> {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return (length) =>
    Float32Array.from(
      { length },
      () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    );
}
