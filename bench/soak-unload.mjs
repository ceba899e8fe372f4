/** `npm run soak:unload`: whether unloading gives all memory back, round after round. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inLoneBrowser } from './lone-browser.mjs';
import { canMeasureMemory } from './memory.mjs';
import { readOptions, runMain, UsageError } from './options.mjs';
import { quantile } from './metrics.mjs';
import { privateByKind } from './process-kinds.mjs';
import { withPeak } from './profile-browser.mjs';
import { restingMemory } from './resting-memory.mjs';
import { openSite, PUBLIC } from './site.mjs';
import { judge } from './soak-verdict.mjs';
import { printTable } from './table.mjs';

const OPTIONS = /** @type {const} */ ({
  rounds: { value: 'N', kind: 'count', default: '50' },
  model: { value: 'DIR', kind: 'model', default: join(PUBLIC, 'models/mini') },
  out: { value: 'FILE' },
});
/** A worker that has ended gives its memory back within seconds, not at once. */
const SETTLING_MS = 3000;

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
  const url = (/** @type {string} */ report) => {
    const page = new URL('soak.html', site.url);
    const address = new URL('model/', site.url).href;
    page.search = String(new URLSearchParams({ report, model: address, rounds: String(rounds) }));
    return page.href;
  };
  try {
    return await inLoneBrowser({ profile, url }, async ({ root, next }) => {
      const measure = async () => {
        await wait(SETTLING_MS);
        return restingMemory(root);
      };
      let empty = NaN;
      await next(async () => void (empty = await measure()));
      const bytes = [];
      /** @type {number[]} */
      const peaks = [];
      const ms = [];
      /** @type {Record<string, number>[]} */
      const kinds = [];
      for (let round = 1; round <= rounds; round++) {
        let now = NaN;
        const { result: took, peak } = await withPeak(root, () =>
          next(async () => void (now = await measure())),
        );
        peaks.push((peak ?? NaN) - empty);
        if (took.startsWith('failed')) throw new Error(`Round ${String(round)} ${took}`);
        ms.push(Number(took));
        bytes.push(now - empty);
        kinds.push(await privateByKind(root));
        console.error(`round ${String(round)}: ${megabytes(now - empty)} MB`);
      }
      return {
        emptyPageMB: Number(megabytes(empty)),
        roundMs: ms,
        aboveEmptyMB: bytes.map((each) => Number(megabytes(each))),
        peakMB: peaks.map((each) => Number(megabytes(each))),
        verdict: judge(bytes),
        privateMB: privateGrowth(kinds),
      };
    });
  } finally {
    await site.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Where memory grew: private megabytes of each kind of process, as the rounds are compared.
 * @param {readonly Readonly<Record<string, number>>[]} rounds
 * @returns {{ kind: string, early: number, late: number }[]}
 */
function privateGrowth(rounds) {
  const kinds = [...new Set(rounds.flatMap((round) => Object.keys(round)))];
  return kinds.map((kind) => {
    const { early, late } = judge(rounds.map((round) => round[kind] ?? 0));
    return { kind, early: early.median / 1e6, late: late.median / 1e6 };
  });
}

/** @param {Awaited<ReturnType<typeof soak>>} report */
function print({ emptyPageMB, aboveEmptyMB, roundMs, peakMB, verdict, privateMB }) {
  const { early, late } = verdict;
  printTable(
    `Memory after unloading, above an empty page of ${emptyPageMB.toFixed(1)} MB`,
    ['rounds', 'median MB'],
    [
      [`${String(early.from)}–${String(early.to)}`, early.median / 1e6],
      [`${String(late.from)}–${String(late.to)}`, late.median / 1e6],
    ],
  );
  printTable(
    'Private memory by process',
    ['process', 'early MB', 'late MB', 'difference'],
    privateMB.map(growthRow),
  );
  const most = Math.max(...aboveEmptyMB).toFixed(1);
  console.log(
    `\nwhile both towers are loaded and used: median ${quantile(peakMB, 0.5).toFixed(1)} MB,`,
  );
  console.log(`a round of it takes ${(quantile(roundMs, 0.5) / 1000).toFixed(2)} s`);
  console.log(`most after any round: ${most} MB; growth ${(verdict.growth * 100).toFixed(1)} %`);
  console.log(verdict.passed ? 'passed: memory does not grow' : 'FAILED: memory grows');
}

/** @param {{ readonly kind: string, readonly early: number, readonly late: number }} growth */
function growthRow({ kind, early, late }) {
  return [kind, early, late, late - early];
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
