/**
 * Copies the ONNX Runtime files that the browser loads from node_modules to public/ort, so that
 * they come from our own origin. A file that is there already with the same size and time is left.
 */
import { copyFile, mkdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCE = fileURLToPath(new URL('../node_modules/onnxruntime-web/dist/', import.meta.url));
const TARGET = fileURLToPath(new URL('../public/ort/', import.meta.url));

/**
 * The plain build runs on WASM. The others add the native WebGPU provider: the JSPI build where
 * WebAssembly can wait for promises, the asyncify build elsewhere.
 */
const FILES = [
  'ort-wasm-simd-threaded.wasm',
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.jspi.wasm',
  'ort-wasm-simd-threaded.jspi.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
  'ort-wasm-simd-threaded.asyncify.mjs',
];

/** @returns {Promise<number>} how many files had to be copied */
export async function copyOrt() {
  await mkdir(TARGET, { recursive: true });
  const copied = await Promise.all(FILES.map((name) => copyIfChanged(name)));
  return copied.filter(Boolean).length;
}

/** @param {string} name */
async function copyIfChanged(name) {
  const from = join(SOURCE, name);
  const to = join(TARGET, name);
  const source = await stat(from);
  const target = await stat(to).catch(() => null);
  // To the second: not every file system keeps more.
  const seconds = Math.floor(source.mtimeMs / 1000);
  if (target?.size === source.size && Math.floor(target.mtimeMs / 1000) === seconds) return false;
  await copyFile(from, to);
  await utimes(to, seconds, seconds);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const count = await copyOrt();
  console.log(`public/ort: ${String(count)} of ${String(FILES.length)} files copied.`);
}
