/**
 * Compiles the kernels, written in WAT or in AssemblyScript, and writes the bytes into a module beside
 * each, as base64: a few kilobytes are cheaper inside the bundle than as one more file to fetch. A test
 * compares the two.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import wabt from 'wabt';

/**
 * @typedef {object} Kernel
 * @property {string} name of the source, for the module's comment
 * @property {string} target
 * @property {string} constant
 * @property {() => Promise<Uint8Array>} compile
 */

/** @param {string} path of the .wat @param {string} constant @returns {Kernel} */
function wat(path, constant) {
  const source = fileURLToPath(new URL(path, import.meta.url));
  const target = source.replace(/\.wat$/, '-wasm.ts');
  return { name: basename(source), target, constant, compile: () => compileWat(source) };
}

/**
 * @param {string} target @param {string} constant
 * @param {{ readonly DOT: number }} form which form of a product; see `lanes.ts`
 * @returns {Kernel}
 */
function assembly(target, constant, { DOT }) {
  const folder = new URL('../src/runtime/kernels/', import.meta.url);
  const source = fileURLToPath(new URL('assembly/index.ts', folder));
  return {
    name: `assembly/ (DOT = ${String(DOT)})`,
    target: fileURLToPath(new URL(target, folder)),
    constant,
    compile: () => compileAssembly(source, DOT),
  };
}

export const KERNELS = [
  wat('../src/core/kernel/dot.wat', 'DOT_WASM'),
  wat('../src/preprocess/resize.wat', 'RESIZE_WASM'),
  assembly('simd-wasm.ts', 'SIMD_WASM', { DOT: 0 }),
  assembly('relaxed-wasm.ts', 'RELAXED_WASM', { DOT: 1 }),
  assembly('dot-wasm.ts', 'DOT_WASM', { DOT: 2 }),
];

/** @param {string} source @returns {Promise<Uint8Array>} */
async function compileWat(source) {
  const { parseWat } = await wabt();
  const module = parseWat(basename(source), await readFile(source, 'utf8'), { simd: true });
  module.validate();
  const { buffer } = module.toBinary({});
  module.destroy();
  return buffer;
}

/** @param {string} source @param {number} DOT @returns {Promise<Uint8Array>} */
async function compileAssembly(source, DOT) {
  /** @type {Uint8Array | null} */
  let bytes = null;
  const { error, stderr } = await asc.main(
    [
      ...[source, '--outFile', 'kernel.wasm', '-O3', '--runtime', 'stub', '--noAssert'],
      // The caller's memory; threads see the same.
      ...['--importMemory', '--noExportMemory', '--maximumMemory', '65536'],
      ...['--enable', 'simd', '--use', `DOT=${String(DOT)}`],
      ...(DOT > 0 ? ['--enable', 'relaxed-simd'] : []),
    ],
    { writeFile: (name, content) => void (name === 'kernel.wasm' && (bytes = binary(content))) },
  );
  if (error !== null || bytes === null) throw new Error(`${source}: ${stderr.toString()}`);
  return bytes;
}

/** @param {string | Uint8Array} content @returns {Uint8Array} */
function binary(content) {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

/** The text of the module. @param {Kernel} kernel @returns {Promise<string>} */
export async function buildKernel({ name, constant, compile }) {
  const buffer = await compile();
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
