/**
 * Compiles each .wat and writes the bytes into a module beside it, as base64: a few hundred bytes
 * are cheaper inside the bundle than as one more file to fetch. A test compares the two.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import wabt from 'wabt';

/** @param {string} path of the .wat @param {string} constant */
function kernel(path, constant) {
  const source = fileURLToPath(new URL(path, import.meta.url));
  return { source, target: source.replace(/\.wat$/, '-wasm.ts'), constant };
}

export const KERNELS = [
  kernel('../src/core/kernel/dot.wat', 'DOT_WASM'),
  kernel('../src/preprocess/resize.wat', 'RESIZE_WASM'),
];

/** The text of the module. @param {(typeof KERNELS)[number]} kernel @returns {Promise<string>} */
export async function buildKernel({ source, constant }) {
  const name = basename(source);
  const { parseWat } = await wabt();
  const module = parseWat(name, await readFile(source, 'utf8'), { simd: true });
  module.validate();
  const { buffer } = module.toBinary({});
  module.destroy();
  return `/** Made from ${name} by scripts/build-kernel.mjs: ${String(buffer.length)} bytes. */
export const ${constant} =
${lines(Buffer.from(buffer).toString('base64'))};
`;
}

/** @param {string} text */
function lines(text) {
  return (text.match(/.{1,92}/g) ?? []).map((line) => `  '${line}'`).join(' +\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const each of KERNELS) await writeFile(each.target, await buildKernel(each));
}
