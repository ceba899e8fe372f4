/** `npm run soak:unload`: whether unloading gives all memory back, round after round. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canMeasureMemory } from './memory.mjs';
import { readOptions, runMain, UsageError } from './options.mjs';
import { openProfile } from './profile-browser.mjs';
import { restingMemory } from './resting-memory.mjs';
import { openSite, PUBLIC } from './site.mjs';
import { judge } from './soak-verdict.mjs';
import { printTable } from './table.mjs';

const OPTIONS = /** @type {const} */ ({
  rounds: { value: 'N', kind: 'count', default: '50' },
  model: { value: 'DIR', kind: 'model', default: join(PUBLIC, 'models/mini') },
  out: { value: 'FILE' },
});
const LONGEST_MS = 600_000;

/** @typedef {import('./pages/soak-page.ts').SoakPage} SoakPage */

await runMain(async () => {
  const { values, json } = readOptions('npm run soak:unload --', OPTIONS, process.argv.slice(2));
  if (!canMeasureMemory) throw new UsageError('Memory cannot be measured on this system.');
  const rounds = Number(values['rounds']);
  const report = await soak(values['model'] ?? '', rounds);
  if (values['out'] !== undefined) await writeFile(values['out'], JSON.stringify(report, null, 2));
  if (json) console.log(JSON.stringify(report));
  else print(report);
  if (!report.verdict.passed) process.exitCode = 1;
});

/** @param {string} model @param {number} rounds */
async function soak(model, rounds) {
  const site = await openSite([
    { prefix: '/model/', folder: model },
    { prefix: '/ort/', folder: join(PUBLIC, 'ort') },
  ]);
  const profile = await mkdtemp(join(tmpdir(), 'photoglot-soak-'));
  const { page, root, version, close } = await openProfile(profile);
  try {
    page.setDefaultTimeout(LONGEST_MS);
    await page.goto(new URL('empty.html', site.url).href);
    const empty = await restingMemory(root);
    await page.goto(new URL('soak.html', site.url).href);
    await page.waitForFunction(() => window.soak !== undefined);
    await page.evaluate((url) => window.soak?.open(url), new URL('model/', site.url).href);
    const bytes = [];
    const ms = [];
    for (let round = 1; round <= rounds; round++) {
      ms.push(Math.round(await page.evaluate(() => window.soak?.round() ?? NaN)));
      bytes.push((await restingMemory(root)) - empty);
      console.error(`round ${String(round)}: ${megabytes(bytes.at(-1) ?? NaN)} MB`);
    }
    return {
      browser: version,
      emptyPageMB: Number(megabytes(empty)),
      roundMs: ms,
      aboveEmptyMB: bytes.map((each) => Number(megabytes(each))),
      verdict: judge(bytes),
    };
  } finally {
    await close();
    await site.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {Awaited<ReturnType<typeof soak>>} report */
function print({ emptyPageMB, aboveEmptyMB, verdict }) {
  const { early, late } = verdict;
  printTable(
    `Memory after unloading, above an empty page of ${emptyPageMB.toFixed(1)} MB`,
    ['rounds', 'median MB'],
    [
      [`${String(early.from)}–${String(early.to)}`, early.median / 1e6],
      [`${String(late.from)}–${String(late.to)}`, late.median / 1e6],
    ],
  );
  const most = Math.max(...aboveEmptyMB).toFixed(1);
  console.log(`\nmost after any round: ${most} MB; growth ${(verdict.growth * 100).toFixed(1)} %`);
  console.log(verdict.passed ? 'passed: memory does not grow' : 'FAILED: memory grows');
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
