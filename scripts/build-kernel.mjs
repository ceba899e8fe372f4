/**
 * Compiles the kernels, written in WAT or in AssemblyScript, and writes the bytes into a module beside
 * each, as base64: a few kilobytes are cheaper inside the bundle than as one more file to fetch. A test
 * compares the two.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
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
 * @param {string} index the kernels' entry; the module comes into the folder above
 * @param {string} target @param {string} constant
 * @param {Readonly<Record<string, number>>} [form] what sets this form of the kernels apart: constants
 *   that the source leaves open; with any but 0, relaxed SIMD is there
 * @returns {Kernel}
 */
function assembly(index, target, constant, form = {}) {
  const source = new URL(index, import.meta.url);
  const settings = Object.entries(form).map(([name, value]) => `${name}=${String(value)}`);
  return {
    name:
      settings.length === 0
        ? 'assembly/'
        : `assembly/ (${settings.join(', ').replaceAll('=', ' = ')})`,
    target: fileURLToPath(new URL(`../${target}`, source)),
    constant,
    compile: () => compileAssembly(fileURLToPath(source), form),
  };
}

const ENCODER = '../src/runtime/kernels/assembly/index.ts';
const CODES = '../src/core/kernel/assembly/index.as';

export const KERNELS = [
  wat('../src/core/kernel/dot.wat', 'DOT_WASM'),
  wat('../src/preprocess/resize.wat', 'RESIZE_WASM'),
  assembly(CODES, 'codes-wasm.ts', 'CODES_WASM'),
  // `DOT` is which form of a product; see `lanes.ts`.
  assembly(ENCODER, 'simd-wasm.ts', 'SIMD_WASM', { DOT: 0 }),
  assembly(ENCODER, 'relaxed-wasm.ts', 'RELAXED_WASM', { DOT: 1 }),
  assembly(ENCODER, 'dot-wasm.ts', 'DOT_WASM', { DOT: 2 }),
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

/**
 * @param {string} source @param {Readonly<Record<string, number>>} form
 * @returns {Promise<Uint8Array>}
 */
async function compileAssembly(source, form) {
  /** @type {Uint8Array | null} */
  let bytes = null;
  const extension = extname(source);
  const constants = Object.entries(form).map(([name, value]) => `${name}=${String(value)}`);
  const isRelaxed = Object.values(form).some((value) => value > 0);
  const { error, stderr } = await asc.main(
    [
      ...[source.slice(0, -extension.length), '--outFile', 'kernel.wasm', '-O3'],
      ...['--runtime', 'stub', '--noAssert'],
      // The caller's memory; threads see the same.
      ...['--importMemory', '--noExportMemory', '--maximumMemory', '65536'],
      ...['--enable', 'simd'],
      ...(constants.length > 0 ? ['--use', constants.join(',')] : []),
      ...(isRelaxed ? ['--enable', 'relaxed-simd'] : []),
    ],
    {
      // The compiler asks for `.ts` and, as it guesses, for much that is not there.
      readFile: (name) => readText(name.replace(/\.ts$/, extension)),
      writeFile: (name, content) => void (name === 'kernel.wasm' && (bytes = binary(content))),
    },
  );
  if (error !== null || bytes === null) throw new Error(`${source}: ${stderr.toString()}`);
  return bytes;
}

/** @param {string} path */
function readText(path) {
  return readFile(path, 'utf8').catch(() => null);
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
