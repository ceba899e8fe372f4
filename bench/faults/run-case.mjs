/** Runs one case and judges it: what was handed out, what is listed, what the error says, what it cost. */
import { FaultBench } from './fault-bench.mjs';
import { CHUNK, digestOf, manifestText, modelFiles, signed, textFile } from './fault-model.mjs';

/** @typedef {import('./fault-case.d.mts').FaultCase} FaultCase */
/** @typedef {import('./fault-case.d.mts').CaseReport} CaseReport */
/** @typedef {import('../pages/faults-page.ts').FaultOutcome} FaultOutcome */

/** Serves everything as it should be, with the signature that some ask for. */
const HEALTHY = {
  files: { ...modelFiles(), 'manifest.json.sig': textFile(signed(manifestText('chunks'))) },
  rules: [],
  options: { range: true, gzip: false, contentLength: true, etag: '"v1"' },
};

/** @param {import('./fault-site.mjs').FaultSite} site @param {FaultCase} faultCase @returns {Promise<CaseReport>} */
export async function runCase(site, faultCase) {
  const { name, what } = faultCase;
  const bench = await FaultBench.start(site, faultCase);
  const start = performance.now();
  const report = { name, what, message: null, outcome: '', wastedBytes: NaN };
  try {
    const outcome = await (faultCase.steps ?? ((bench) => bench.download()))(bench);
    const seconds = (performance.now() - start) / 1000;
    await judge(bench, outcome);
    const words = await wordsOf(bench, outcome);
    // The end of the browser ends what may still be on its way.
    await bench.browser.close();
    const wastedBytes = (await bench.sentBytes()) - bench.needed;
    const most = (faultCase.mostChunksWasted ?? 0) * CHUNK;
    bench.check(
      `wasted ${String(wastedBytes)} bytes, expected at most ${String(most)}`,
      wastedBytes <= most,
    );
    const message = outcome.ok ? null : withoutAddresses(outcome.message);
    return { ...report, outcome: words, message, wastedBytes, seconds, problems: bench.problems };
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    const seconds = (performance.now() - start) / 1000;
    return { ...report, outcome: 'none', seconds, problems: [...bench.problems, why] };
  } finally {
    await bench.close();
  }
}

/** @param {FaultBench} bench @param {FaultOutcome} outcome */
async function judge(bench, outcome) {
  const { expected, heals = true } = bench.case;
  if (typeof expected === 'string') await judgeFiles(bench, outcome, expected);
  else {
    const got = outcome.ok ? outcome.integrity : `${outcome.code}: ${outcome.message}`;
    const isRight =
      !outcome.ok && outcome.code === expected.code && expected.message.test(outcome.message);
    bench.check(`got ${got}, expected ${expected.code}: ${expected.message.source}`, isRight);
    const listed = await bench.tab.call('list');
    const own = listed.find(({ key }) => key === bench.key);
    bench.check('the model is listed as complete', own?.complete !== true);
    if (heals) await judgeHealed(bench);
  }
}

/** A failure is not remembered: the same page makes the same request. @param {FaultBench} bench */
async function judgeHealed(bench) {
  bench.scenario.change(HEALTHY);
  await judgeFiles(bench, await bench.download(), healedIntegrity(bench.case));
}

/** @param {FaultCase} faultCase */
function healedIntegrity({ request = {} }) {
  return request.publicKey === undefined ? 'verified' : 'signed';
}

/** The bytes that were handed out, and what is listed. @param {FaultBench} bench @param {FaultOutcome} outcome @param {string} integrity */
async function judgeFiles(bench, outcome, integrity) {
  if (!outcome.ok) {
    bench.check(`got ${outcome.code}: ${outcome.message}`, false);
    return;
  }
  bench.check(`is ${outcome.integrity}, expected ${integrity}`, outcome.integrity === integrity);
  const { names } = bench;
  for (const name of names) {
    const expected = bench.case.digests?.[name] ?? digestOf(name);
    bench.check(`${name} has other bytes`, outcome.files[name]?.sha256 === expected);
  }
  bench.check('other files than asked for', Object.keys(outcome.files).length === names.length);
  if (outcome.stored) await judgeKept(bench, names);
}

/** @param {FaultBench} bench @param {readonly string[]} names */
async function judgeKept(bench, names) {
  const listed = await bench.tab.call('list');
  const kept = listed.find(({ key }) => key === bench.key);
  bench.check('the model is not listed as complete', kept?.complete === true);
  if (kept === undefined) return;
  bench.check(
    'parts of models are left over',
    listed.every(({ complete }) => complete),
  );
  const { intact, damaged, missing } = await bench.tab.call('verify', kept.key);
  const isIntact = names.every((name) => intact.includes(name));
  bench.check('what is kept is not intact', isIntact && damaged.length + missing.length === 0);
}

/** @param {FaultBench} bench @param {FaultOutcome} outcome */
function wordsOf({ case: faultCase }, outcome) {
  if (outcome.ok) return outcome.stored ? outcome.integrity : `${outcome.integrity}, in memory`;
  const { heals = true } = faultCase;
  return `\`${outcome.code}\`${heals ? `, then ${healedIntegrity(faultCase)}` : ''}`;
}

/** Ports and numbers of cases change from run to run. @param {string} message */
function withoutAddresses(message) {
  return message.replaceAll(/https?:\/\/[^/\s]+\/faults\/[^/\s]+\//g, '…/');
}
