/** `npm run bench:models`: texts through a tower of full size, beside transformers.js and native ORT. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { ratios } from './models-figures.mjs';
import { loadMaterial } from './models-material.mjs';
import { printModels } from './models-print.mjs';
import { modelRows } from './models-rows.mjs';
import { measureLong, measureNative, measureRows } from './models-runs.mjs';
import { textModelMounts } from './models-site.mjs';
import { readOptions, runMain, UsageError } from './options.mjs';
import { installPeers, peerMounts, peerVersions } from './peers.mjs';
import { openSite, PUBLIC } from './site.mjs';

const OPTIONS = /** @type {const} */ ({
  best: { value: 'MODEL_DIR', kind: 'model' },
  'best-dtype': { value: 'NAME' },
  runs: { value: 'N', kind: 'count', default: '3' },
  passage: { value: 'TOKENS', kind: 'count' },
  python: { value: 'PATH', kind: 'path' },
  out: { value: 'FILE' },
});
const COMMAND = 'npm run bench:models -- MODEL_DIR';

await runMain(async () => {
  const { values, json, rest } = readOptions(COMMAND, OPTIONS, process.argv.slice(2));
  const [folder] = rest;
  if (folder === undefined) throw new UsageError(`Name a model folder: ${COMMAND}`);
  const report = await compare({
    folder,
    best: values['best'] ?? null,
    bestDtype: values['best-dtype'] ?? null,
    runs: Number(values['runs']),
    passage: values['passage'] === undefined ? null : Number(values['passage']),
    python: values['python'] ?? null,
  });
  if (values['out'] !== undefined) await writeFile(values['out'], JSON.stringify(report, null, 2));
  if (json) console.log(JSON.stringify(report));
  else printModels(report);
});

/**
 * @typedef {{
 *   readonly folder: string, readonly best: string | null, readonly bestDtype: string | null,
 *   readonly runs: number, readonly passage: number | null, readonly python: string | null,
 * }} Wanted
 */

/** @param {Wanted} wanted */
async function compare({ folder, best, bestDtype, runs, passage, python }) {
  const material = await loadMaterial(folder, passage);
  const { variant, tower, texts } = material;
  const rows = modelRows({
    graph: variant.files.graph,
    output: tower.output,
    dtype: variant.dtype,
    cores: cpus().length,
    best: best === null ? null : { dtype: bestDtype },
  });
  installPeers();
  const site = await openSite([
    ...(await textModelMounts('/same/', folder)),
    ...(best === null ? [] : await textModelMounts('/best/', best)),
    { prefix: '/ort/', folder: join(PUBLIC, 'ort') },
    ...(await peerMounts(folder, variant.files.tokenizer)),
  ]);
  try {
    const measured = await measureRows({ rows, runs, site, texts });
    const native =
      python === null
        ? []
        : await measureNative({
            python,
            runs,
            material,
            graph: resolve(folder, variant.files.graph),
            reference: measured.reference,
          });
    const long =
      material.long === null ? [] : await measureLong({ rows, site, text: material.long, texts });
    return {
      machine: {
        cpu: cpus()[0]?.model ?? 'unknown',
        threads: cpus().length,
        browser: measured.browser,
      },
      peer: peerVersions(),
      tokens: measured.tokens,
      rows: measured.rows,
      native,
      long: { tokens: passage, rows: long },
      ratios: ratiosOf(measured.rows, native),
    };
  } finally {
    await site.close();
  }
}

/** @typedef {Awaited<ReturnType<typeof compare>>} ModelsReport */

/**
 * @param {readonly import('./models-runs.mjs').MeasuredRow[]} rows
 * @param {readonly import('./models-runs.mjs').NativeRow[]} native
 */
function ratiosOf(rows, native) {
  const peers = rows.filter(({ kind }) => kind === 'peer');
  const [peer] = peers;
  return rows
    .filter(({ kind }) => kind !== 'peer')
    .map(({ name, kind, figures }) => ({
      name,
      /** Of the same bytes on one thread, as it comes. */
      peer: kind === 'same' && peer !== undefined ? ratios(figures, [peer.figures]) : null,
      peersBest: ratios(figures, figuresOf(peers)),
      native: ratios(figures, figuresOf(native.filter(({ threads }) => threads === 1))),
      nativeBest: ratios(figures, figuresOf(native)),
    }));
}

/** @param {readonly { readonly figures: import('./models-figures.mjs').RowFigures }[]} rows */
function figuresOf(rows) {
  return rows.map(({ figures }) => figures);
}
