/**
 * Compiles src/core/kernel/dot.wat and writes the bytes to dot-wasm.ts, as base64: a few hundred
 * bytes are cheaper inside the bundle than as one more file to fetch. A test compares the two.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import wabt from 'wabt';

const SOURCE = fileURLToPath(new URL('../src/core/kernel/dot.wat', import.meta.url));
export const TARGET = fileURLToPath(new URL('../src/core/kernel/dot-wasm.ts', import.meta.url));

/** The text of dot-wasm.ts. @returns {Promise<string>} */
export async function buildKernel() {
  const { parseWat } = await wabt();
  const module = parseWat('dot.wat', await readFile(SOURCE, 'utf8'), { simd: true });
  module.validate();
  const { buffer } = module.toBinary({});
  module.destroy();
  return `/** Made from dot.wat by scripts/build-kernel.mjs: ${String(buffer.length)} bytes. */
export const DOT_WASM =
${lines(Buffer.from(buffer).toString('base64'))};
`;
}

/** @param {string} text */
function lines(text) {
  return (text.match(/.{1,92}/g) ?? []).map((line) => `  '${line}'`).join(' +\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(TARGET, await buildKernel());
}
