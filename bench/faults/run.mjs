/** `npm run test:faults`: every case in Chromium; writes docs/reliability.md, ends with 1 if one fails. */
import { readOptions, runMain } from '../options.mjs';
import { connectionCases } from './connection-cases.mjs';
import { answerCases } from './answer-cases.mjs';
import { contentCases } from './content-cases.mjs';
import { interruptionCases } from './interruption-cases.mjs';
import { makeProfile, startBrowser } from './fault-browser.mjs';
import { lensCases } from './lens-cases.mjs';
import { openFaultSite } from './fault-site.mjs';
import { writeReliability } from './reliability-doc.mjs';
import { runCase } from './run-case.mjs';
import { storageCases } from './storage-cases.mjs';
import { tabCases } from './tab-cases.mjs';

/** @typedef {import('./fault-case.d.mts').FaultCase} FaultCase */
/** @typedef {import('./fault-case.d.mts').CaseReport} CaseReport */

const COMMAND = 'npm run test:faults --';
const OPTIONS = /** @type {const} */ ({ only: { value: 'TEXT' } });

const GROUPS = [
  { title: 'Connections', cases: connectionCases },
  { title: 'Answers', cases: answerCases },
  { title: 'Content', cases: contentCases },
  { title: 'Interruptions', cases: interruptionCases },
  { title: 'Several tabs', cases: tabCases },
  { title: 'Storage', cases: storageCases },
  { title: 'A real model', cases: lensCases },
];

await runMain(async () => {
  const { values } = readOptions(COMMAND, OPTIONS, process.argv.slice(2));
  const only = values['only'] ?? '';
  const chosen = GROUPS.map(({ title, cases }) => ({
    title,
    cases: cases.filter(({ name }) => name.includes(only)),
  }));
  const reports = await runAll(chosen.flatMap(({ cases }) => cases));
  const groups = chosen.map(({ title, cases }) => ({
    title,
    reports: cases.flatMap((each) => reports.get(each) ?? []),
  }));
  // A part of the matrix is not the matrix.
  if (only === '') await writeReliability(groups, await chromiumVersion());
  const failed = [...reports.values()].filter(({ problems }) => problems.length > 0);
  console.log(`${String(reports.size - failed.length)} of ${String(reports.size)} cases passed.`);
  if (failed.length > 0) process.exitCode = 1;
});

/** Those that mostly wait, beside all others. @param {readonly FaultCase[]} cases */
async function runAll(cases) {
  const site = await openFaultSite();
  /** @type {Map<FaultCase, CaseReport>} */
  const reports = new Map();
  try {
    await Promise.all(
      [true, false].map(async (isPatient) => {
        for (const each of cases.filter((each) => (each.isPatient ?? false) === isPatient)) {
          const report = await runCase(site, each);
          reports.set(each, report);
          print(report);
        }
      }),
    );
  } finally {
    await site.close();
  }
  return reports;
}

/** @param {CaseReport} report */
function print({ name, outcome, message, wastedBytes, seconds, problems }) {
  const cost = `${String(wastedBytes)} bytes wasted, ${seconds.toFixed(1)} s`;
  console.log(`${problems.length > 0 ? 'FAILED' : 'passed'}  ${name}: ${outcome}; ${cost}`);
  if (message !== null) console.log(`          ${message}`);
  for (const problem of problems) console.log(`        ! ${problem}`);
}

async function chromiumVersion() {
  const profile = await makeProfile();
  const browser = await startBrowser(profile.folder);
  await browser.close();
  await profile.remove();
  return browser.version;
}
