// Checks public/samples/samples.json against the pictures beside it and writes
// public/samples/ATTRIBUTION.md from it. With --check nothing is written: the
// run fails when the file is missing or out of date.
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const folder = fileURLToPath(new URL('../public/samples/', import.meta.url));
const check = process.argv.includes('--check');
const limit = 8_000_000;
const fields = ['file', 'title', 'author', 'licence', 'licenceUrl', 'source', 'changes'];
const problems = [];

const samples = JSON.parse(await readFile(path.join(folder, 'samples.json'), 'utf8'));
const names = await readdir(folder);
const listed = new Set();
let total = 0;

for (const [index, sample] of samples.entries()) {
  const label = sample.file ?? `entry ${index}`;
  for (const field of fields) {
    if (typeof sample[field] !== 'string' || sample[field].trim() === '') {
      problems.push(`${label}: "${field}" is missing`);
    }
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*\.jpg$/.test(sample.file ?? '')) {
    problems.push(`${label}: not a kebab-case .jpg name`);
  }
  if (listed.has(sample.file)) problems.push(`${label}: listed twice`);
  listed.add(sample.file);
  if (!names.includes(sample.file)) problems.push(`${label}: listed, but there is no such file`);
  if (/\b(NC|ND)\b/.test(sample.licence ?? '')) problems.push(`${label}: licence is not free`);
}
for (const name of names) {
  total += (await stat(path.join(folder, name))).size;
  if (name === 'samples.json' || name === 'ATTRIBUTION.md') continue;
  if (!listed.has(name)) problems.push(`${name}: not listed in samples.json`);
}
if (total > limit) problems.push(`the folder has ${total} bytes, more than ${limit}`);

/** @param {string} value */
const escaped = (value) => value.replace(/\s+/g, ' ').replace(/([\\`*_[\]<>|])/g, '\\$1');
/** @param {string} value */
const text = (value) => escaped(value).trim();
// Addresses become links (a closing bracket that was opened before the address
// stays outside); everything else is escaped text.
/** @param {string} value */
const linked = (value) =>
  value
    .split(/(https?:\/\/\S+)/)
    .map((part, i) => {
      if (i % 2 === 0) return escaped(part);
      const closers = part.match(/\)+$/)?.[0].length ?? 0;
      const openers = (part.match(/\(/g) ?? []).length;
      const inner = (part.match(/\)/g) ?? []).length - closers;
      const extra = Math.max(0, Math.min(closers, inner + closers - openers));
      const url = extra ? part.slice(0, -extra) : part;
      return `<${url}>${')'.repeat(extra)}`;
    })
    .join('');

const byLicence = new Map();
for (const { licence } of samples) byLicence.set(licence, (byLicence.get(licence) ?? 0) + 1);
const lines = [
  '# Sample pictures: authors, licences and sources',
  '',
  'These pictures are the sample set of the Photoglot demo and are used for nothing else.',
  'Each keeps the licence named with it; none is covered by the licence of the program.',
  'All were changed as said with each picture.',
  'This file is written by `scripts/samples-attribution.mjs` from `samples.json`.',
  '',
  `${samples.length} pictures: ${[...byLicence]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([licence, count]) => `${licence} ${count}`)
    .join(', ')}.`,
  '',
];
for (const sample of samples) {
  lines.push(
    `## ${sample.file}`,
    '',
    `- Title: ${text(sample.title)}`,
    `- Author: ${text(sample.author)}`,
    `- Licence: [${text(sample.licence)}](${sample.licenceUrl})`,
    `- Source: ${linked(sample.source)}`,
    `- Changes: ${text(sample.changes)}`,
    '',
  );
}
const markdown = lines.join('\n');
const target = path.join(folder, 'ATTRIBUTION.md');
if (problems.length === 0 && !check) {
  await writeFile(target, markdown);
} else if (check && (await readFile(target, 'utf8').catch(() => '')) !== markdown) {
  problems.push('ATTRIBUTION.md is out of date: run node scripts/samples-attribution.mjs');
}

if (problems.length) {
  for (const problem of problems) console.error(problem);
  process.exitCode = 1;
} else {
  console.log(`${samples.length} samples, ${(total / 1e6).toFixed(2)} MB`);
}
