/**
 * Marks a result whose buffers should move to the other thread instead of being copied. The
 * mark lives beside the value, so that a method's return type stays the plain result.
 */
const marks = new WeakMap<object, readonly Transferable[]>();

/**
 * Returns `result`, marked so that `transferables` are moved with it. The caller must own them:
 * after the call they are detached here. Never pass a buffer that backs WASM memory; copy first.
 */
export function withTransfer<Result extends object>(
  result: Result,
  transferables: readonly Transferable[],
): Result {
  marks.set(result, transferables);
  return result;
}

/** The transferables that `value` was marked with; none if it was not. */
export function transferablesOf(value: unknown): Transferable[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(marks.get(value) ?? [])];
}
