/** What kind of work a function does when photos are indexed, by where it stands in the source. */

/** @typedef {import('./cpu-profile.mjs').CallFrame} CallFrame */

/** A thread that has nothing to do. */
export const WAITING = 'waiting';
const OTHER = 'other code';

/** V8's names for what is no function. @type {Readonly<Record<string, string>>} */
const STATES = {
  '(idle)': WAITING,
  '(program)': 'browser, unnamed',
  '(garbage collector)': 'garbage collection',
};

/** The browser's functions whose work is the same whoever calls them. @type {Readonly<Record<string, string>>} */
const NATIVES = {
  createImageBitmap: 'decoding',
  close: 'decoding',
  // Drawing is put off until somebody looks: then the bitmap is laid over the background.
  getImageData: 'reading pixels',
  drawImage: 'reading pixels',
  fillRect: 'reading pixels',
  convertToBlob: 'thumbnail',
  digest: 'hashing',
  postMessage: 'messages',
};

/** Where threads of our own kernels wait for their part: Atomics' wait counts as its caller's. */
const SLOTS = 'src/runtime/kernels/kernel-slots.ts';

/** By path, the first that fits. @type {readonly (readonly [RegExp, string])[]} */
const SOURCES = [
  [/onnxruntime|\/ort-wasm/, 'tower: ONNX Runtime'],
  [/^src\/runtime\/(kernels|bert|siglip)\//, 'tower: own kernels'],
  [/^src\/preprocess\/(pack|.*-pack)|^src\/runtime\/image-feeds/, 'packing'],
  [/^src\/preprocess\/(.*resize|flatten)/, 'resizing'],
  [/^src\/runtime\/picture-canvas/, 'reading pixels'],
  [/^src\/(runtime\/decode-picture|preprocess\/image-header)/, 'decoding'],
  [/^src\/core\/content-id|hash-wasm/, 'hashing'],
  [/^src\/(store|core\/(kernel|vector-codec))|node_modules\/idb\//, 'storing'],
  [/^src\/protocol|node_modules\/comlink\//, 'messages'],
];

/**
 * The kind of what ran: that of its own source or, for the browser's functions and WASM without a
 * name, that of the nearest caller which has one.
 * @param {readonly CallFrame[]} stack what ran, then its caller, and so on
 * @param {(frame: CallFrame) => string} sourceOf path from the root of the repository, or the URL;
 *   empty for what has none
 */
export function workKind(stack, sourceOf) {
  const [leaf] = stack;
  if (leaf === undefined) return OTHER;
  const state = STATES[leaf.functionName];
  if (state !== undefined) return state;
  const native = leaf.url === '' ? NATIVES[leaf.functionName] : undefined;
  if (native !== undefined) return native;
  if (sourceOf(leaf) === SLOTS) return WAITING;
  for (const frame of stack) {
    const source = sourceOf(frame);
    const found = SOURCES.find(([pattern]) => pattern.test(source));
    if (found !== undefined) return found[1];
    // Of our own, and none of these: its callers do not say more.
    if (source.startsWith('src/')) return OTHER;
  }
  return OTHER;
}
