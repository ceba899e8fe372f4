/** The outcome of `photoglot verify` for people. */
import { bytesText, textTable } from './text-table.mjs';

/** @typedef {import('./verify.mjs').Finding} Finding */
/** @typedef {{ name: string, ok: boolean, bytes: number, findings: readonly Finding[] }} FileReport */

/**
 * @param {{
 *   ok: boolean, source: string, model: { id: string, version: string } | null, signature: string,
 *   pages: { origin: string, readable: boolean } | null,
 *   findings: readonly Finding[], files: readonly FileReport[],
 * }} report
 */
export function printReport({ ok, source, model, signature, pages, findings, files }) {
  const head = [
    ['source', source],
    ['model', model === null ? 'none that a client would use' : `${model.id} ${model.version}`],
    ['signature', signature],
  ];
  if (pages !== null) {
    head.push([
      'CORS',
      pages.readable
        ? `a page on ${pages.origin} may read it, isolated (COEP) or not`
        : `a page on ${pages.origin} may not read it`,
    ]);
  }
  console.log(textTable(head));
  if (files.length > 0) console.log(`\n${fileTable(files)}`);
  printFindings(findings, files);
  const wrong = files.filter((file) => !file.ok).length;
  if (ok) console.log(`\nGood: all ${files.length} files are what the manifest says.`);
  else if (wrong > 0) console.log(`\nBad: ${wrong} of ${files.length} files are wrong.`);
  else console.log('\nBad: clients would refuse it.');
}

/** @param {readonly FileReport[]} files */
function fileTable(files) {
  const rows = files.map(({ name, ok, bytes }) => [name, bytesText(bytes), ok ? 'good' : 'BAD']);
  return textTable([['file', 'bytes', 'result'], ...rows], [1]);
}

/** What many files have in common is said once. @param {readonly Finding[]} general @param {readonly FileReport[]} files */
function printFindings(general, files) {
  /** @type {Map<string, { finding: Finding, names: string[] }>} */
  const grouped = new Map();
  for (const finding of general) grouped.set(finding.message, { finding, names: [] });
  for (const { name, findings } of files) {
    for (const finding of findings) {
      const group = grouped.get(finding.message) ?? { finding, names: [] };
      group.names.push(name);
      grouped.set(finding.message, group);
    }
  }
  for (const level of /** @type {const} */ (['fail', 'advice'])) {
    const groups = [...grouped.values()].filter(({ finding }) => finding.level === level);
    if (groups.length === 0) continue;
    console.log(level === 'fail' ? '\nWrong:' : '\nAdvice:');
    for (const { finding, names } of groups) {
      console.log(`- ${subject(names, files.length)}${finding.message}`);
    }
  }
}

/** @param {readonly string[]} names @param {number} all */
function subject(names, all) {
  if (names.length === 0) return '';
  return names.length === all && all > 1 ? 'All files: ' : `${names.join(', ')}: `;
}
