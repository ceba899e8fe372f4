/** Self times in a CPU profile of V8. Nothing here knows of browsers or files. */

/**
 * As the DevTools protocol has them; lines and columns count from 0.
 * @typedef {{
 *   readonly functionName: string, readonly url: string,
 *   readonly lineNumber: number, readonly columnNumber: number,
 * }} CallFrame
 */

/**
 * Microseconds; `timeDeltas` lie before their samples.
 * @typedef {{
 *   readonly nodes: readonly {
 *     readonly id: number, readonly callFrame: CallFrame, readonly children?: readonly number[],
 *   }[],
 *   readonly samples?: readonly number[], readonly timeDeltas?: readonly number[],
 * }} CpuProfile
 */

/**
 * Milliseconds by kind.
 * @param {CpuProfile} profile
 * @param {(stack: readonly CallFrame[]) => string} kindOf gets what ran, then its caller, and so on
 * @returns {ReadonlyMap<string, number>}
 */
export function timesByKind({ nodes, samples = [], timeDeltas = [] }, kindOf) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(
    nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])),
  );
  /** @type {Map<number, string>} */
  const kinds = new Map();
  for (const { id } of nodes) {
    const stack = [];
    for (let at = byId.get(id); at !== undefined; at = parents.get(at.id)) stack.push(at.callFrame);
    kinds.set(id, kindOf(stack));
  }
  /** @type {Map<string, number>} */
  const times = new Map();
  // A sample stands for the time until the next one.
  samples.slice(0, -1).forEach((id, at) => {
    const kind = kinds.get(id) ?? 'unknown';
    times.set(kind, (times.get(kind) ?? 0) + (timeDeltas[at + 1] ?? 0) / 1000);
  });
  return times;
}
