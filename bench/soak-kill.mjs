/** `npm run soak:kill`: whether what a collection has acknowledged outlives its browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeProfile } from './faults/fault-browser.mjs';
import { canMeasureMemory } from './memory.mjs';
import { quantile } from './metrics.mjs';
import { openModuleSite } from './module-site.mjs';
import { readOptions, runMain, UsageError } from './options.mjs';
import { planKills } from './soak-kill-plan.mjs';
import { runRound } from './soak-kill-round.mjs';
import { printTable } from './table.mjs';

/** @typedef {import('./soak-kill-round.mjs').Round} Round */
/** @typedef {import('./soak-kill-plan.mjs').KillPlan} KillPlan */
/** @typedef {Round & { readonly plan: KillPlan | null, readonly before: Round['knowledge'] }} KilledRound */

const OPTIONS = /** @type {const} */ ({
  rounds: { value: 'N', kind: 'count', default: '200' },
  seed: { value: 'N', kind: 'count', default: '1' },
  out: { value: 'FILE' },
});
/** What is killed; its worker is packed with it. */
const ENTRIES = { page: '../src/store/test-workers/kill-page.ts' };
/** @type {readonly KillPlan['moment'][]} */
const MOMENTS = ['opening', 'time', 'write', 'acknowledged'];
/** @type {Round['knowledge']} */
const NOTHING = { items: [], acknowledged: [], inDoubt: null };
/** Its own origin, hence its own storage. */
const PORT = 4393;

await runMain(async () => {
  const { values, json } = readOptions('npm run soak:kill --', OPTIONS, process.argv.slice(2));
  // All processes of the browser are to be found, and killed.
  if (!canMeasureMemory) throw new UsageError('This runs on Linux only.');
  const report = await soak(Number(values['rounds']), Number(values['seed']));
  if (values['out'] !== undefined) await writeFile(values['out'], JSON.stringify(report, null, 2));
  if (json) console.log(JSON.stringify(report));
  else print(report);
  if (report.problems.length > 0) process.exitCode = 1;
});

/** Ends with the first round that has found something wrong. @param {number} rounds @param {number} seed */
async function soak(rounds, seed) {
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-kill-site-'));
  const site = await openModuleSite({ folder, title: 'Killed', port: PORT, entries: ENTRIES });
  const profile = await makeProfile();
  /** @type {KilledRound[]} */
  const done = [];
  try {
    let knowledge = NOTHING;
    // After the last kill one more life judges what it has left.
    for (const [index, plan] of [...planKills(rounds, seed), null].entries()) {
      const task = { url: site.url, profile: profile.folder, seed: seed + index, plan, knowledge };
      const round = await runRound(task);
      done.push({ ...round, plan, before: knowledge });
      console.error(`round ${String(index + 1)}: ${lineOf(round, plan)}`);
      if (round.problems.length > 0) break;
      knowledge = round.knowledge;
    }
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const failed = done.find(({ problems }) => problems.length > 0) ?? null;
  // One that shows a problem is kept, to be looked at.
  if (failed === null) await profile.remove();
  return {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', browser: done[0]?.version ?? 'unknown' },
    seed,
    ...figuresOf(done),
    problems: failed?.problems ?? [],
    failed: failed === null ? null : { ...failed, profile: profile.folder },
  };
}

/** @param {readonly KilledRound[]} rounds */
function figuresOf(rounds) {
  const judgements = rounds.flatMap(({ judgement }) => judgement ?? []);
  const plans = rounds.flatMap(({ plan }) => plan ?? []);
  const doubtful = judgements.flatMap(({ isKept }) => isKept ?? []);
  const opened = judgements.map(({ openMs }) => openMs);
  return {
    rounds: plans.length,
    killedAt: Object.fromEntries(
      MOMENTS.map((name) => [name, plans.filter(({ moment }) => moment === name).length]),
    ),
    acknowledged: rounds.reduce((sum, { written }) => sum + written, 0),
    inDoubt: {
      kept: doubtful.filter((isKept) => isKept).length,
      gone: doubtful.filter((isKept) => !isKept).length,
    },
    mostItems: Math.max(...judgements.map(({ items }) => items.length)),
    foundPacked: judgements.filter(({ files }) => files > 0).length,
    openMs: { p50: Math.round(quantile(opened, 0.5)), most: Math.round(Math.max(...opened)) },
  };
}

/** @param {Round} round @param {KillPlan | null} plan */
function lineOf({ judgement, written, problems }, plan) {
  if (problems.length > 0) return `FAILED: ${problems.join('; ')}`;
  const found =
    judgement === null ? 'not judged' : `${String(judgement.items.length)} items as they should be`;
  if (plan === null) return found;
  const moment = 'write' in plan ? `${plan.moment} ${String(plan.write)}` : plan.moment;
  return `${found}, ${String(written)} writes, killed at ${moment} + ${String(plan.afterMs)} ms`;
}

/** @param {Awaited<ReturnType<typeof soak>>} report */
function print({ machine, seed, problems, failed, ...figures }) {
  const { rounds, killedAt, acknowledged, inDoubt, mostItems, foundPacked, openMs } = figures;
  printTable(
    `A browser killed ${String(rounds)} times (${machine.cpu}, Chromium ${machine.browser}, seed ${String(seed)})`,
    ['what', 'figure'],
    [
      ['killed while it opened the collection', killedAt['opening']],
      ['killed while it wrote, at any time', killedAt['time']],
      ['killed about when a write was committed', killedAt['write']],
      ['killed when a write was acknowledged', killedAt['acknowledged']],
      ['acknowledged writes', acknowledged],
      ['not acknowledged, and there', inDoubt.kept],
      ['not acknowledged, and not there', inDoubt.gone],
      ['most items', mostItems],
      ['rounds that found packed files', foundPacked],
      ['open to first answer p50, ms', openMs.p50],
      ['open to first answer, most, ms', openMs.most],
    ],
  );
  if (failed === null) {
    console.log('\npassed: nothing that was acknowledged is lost');
    return;
  }
  console.log(`\nFAILED in round ${String(rounds)}, whose profile is ${failed.profile}:`);
  for (const problem of problems) console.log(`  ${problem}`);
}
