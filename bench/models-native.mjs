/** The same graph on native ONNX Runtime, which is how far a browser could come. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('models-native.py', import.meta.url));

/**
 * @typedef {{
 *   readonly graph: string, readonly threads: number,
 *   readonly inputs: { readonly ids: string, readonly mask: string }, readonly output: string,
 *   readonly warmUp: readonly (readonly number[])[],
 *   readonly queries: readonly (readonly number[])[],
 *   readonly passages: readonly (readonly number[])[],
 * }} NativeRequest texts are rows of token ids, special tokens included
 */

/**
 * @typedef {{
 *   readonly version: string, readonly readyMs: number,
 *   readonly queryMs: readonly number[], readonly passageMs: readonly number[],
 *   readonly vector: readonly number[],
 * }} NativeRun `vector` is that of the first passage, as the graph gives it
 */

/**
 * In a process of its own; throws when that fails.
 * @param {string} python with the package onnxruntime @param {NativeRequest} request
 * @returns {Promise<NativeRun>}
 */
export async function runNative(python, request) {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(request));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${python} ended with ${String(code)}.`);
  return JSON.parse(output);
}
