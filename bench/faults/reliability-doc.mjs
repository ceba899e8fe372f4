/** Writes docs/reliability.md: what was tested, and what came of it. What it says of collections stays. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FILES } from './fault-model.mjs';

/** @typedef {import('./fault-case.d.mts').CaseReport} CaseReport */
/** @typedef {{ readonly title: string, readonly reports: readonly CaseReport[] }} ReportGroup */

const TARGET = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));

/** What the part begins with that is written by hand. */
const COLLECTIONS = '\n## Collections\n';

/** @param {readonly ReportGroup[]} groups @param {string} version of Chromium */
export async function writeReliability(groups, version) {
  const before = await readFile(TARGET, 'utf8');
  const start = before.indexOf(COLLECTIONS);
  const kept = start === -1 ? '' : before.slice(start);
  await writeFile(TARGET, reliabilityText(groups, version) + kept);
}

/** @param {readonly ReportGroup[]} groups @param {string} version */
export function reliabilityText(groups, version) {
  const reports = groups.flatMap(({ reports }) => reports);
  const failed = reports.filter(({ problems }) => problems.length > 0).length;
  const sizes = Object.values(FILES).map((size) => `${megabytes(size)} MB`);
  const verdict =
    failed === 0
      ? `All ${String(reports.length)} cases ended as they should.`
      : `**${String(failed)} of ${String(reports.length)} cases did not end as they should.**`;
  return `# Reliability

How a model's download ends when something goes wrong, and what becomes of [collections](#collections) then. All but the last part is written by \`npm run test:faults\`, which runs every case through the public interface in Chromium against a server that misbehaves on command; last with Chromium ${version}. ${verdict}

- The model has three files of ${sizes.join(', ')}; the large ones come in chunks of 8 MiB (8.4 MB), whose digests are in the manifest unless a case says otherwise. Three files are downloaded at a time, one stream each.
- Every case has a browser of its own, on a fresh profile on the disk.
- **Verified** means that the page was handed the files that it had asked for, no others, and read all their bytes, whose SHA-256 is that of the files at their source; that the model is listed as complete, and no model in part; and that reading it again from the disk finds no damage. **Signed** and **first-use** mean the same, with a manifest whose signature was asked for, and with files whose digests nobody published. **In memory** means that nothing is kept, and so nothing listed.
- An **error** has the code that is shown, and says what to do ([below](#what-the-errors-say)). The model is not listed as complete then, and no file was handed out. Where it says “then verified” or “then signed”, the server was mended (or the disk given room), and the same page made the same request again, with the same key and mirrors.
- **Wasted** are the bytes of files that the server gave to the network beyond those of the model, up to the end of the case, mended download included. After a break it is at most a chunk per stream; only a server without ranges sends again all that came before. What lies in buffers on the way when a connection breaks counts as well.
- Chromium tells every site of 10 GiB of room, whatever the disk has: there a full disk shows at the first write that fails, and what was in memory is lost. Browsers that tell the truth are asked before the first byte.
- Seconds vary with the machine: they show where patience is at work.

${groups.map(sectionOf).join('\n\n')}

## What the errors say

${reports
  .filter(({ message }) => message !== null)
  .map(messageOf)
  .join('\n')}
`;
}

/** @param {ReportGroup} group */
function sectionOf({ title, reports }) {
  const rows = reports.map(
    ({ name, what, outcome, wastedBytes, seconds, problems }) =>
      `| ${name} | ${what} | ${problems.length > 0 ? '**FAILED**: ' : ''}${outcome} | ${megabytes(wastedBytes)} | ${seconds.toFixed(1)} |`,
  );
  return `## ${title}

| case | what happens | outcome | wasted, MB | seconds |
|---|---|---|--:|--:|
${rows.join('\n')}`;
}

/** @param {CaseReport} report */
function messageOf({ name, message }) {
  return `- ${name}: “${message ?? ''}”`;
}

/** @param {number} bytes */
function megabytes(bytes) {
  if (Number.isNaN(bytes)) return '–';
  return bytes === 0 ? '0' : (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1);
}
