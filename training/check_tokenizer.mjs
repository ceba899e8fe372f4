// Reads texts (JSON, one a line) on standard input, writes the token ids that the SDK gives them.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const { module } = await runnerImport(`${root}/src/preprocess/text-tokenizer.ts`, {
  root,
  configFile: false,
});
const json = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const tokenizer = module.createTextTokenizer(json);
for await (const line of createInterface({ input: process.stdin })) {
  const ids = [...tokenizer.prefix, ...tokenizer.encode(JSON.parse(line)), ...tokenizer.suffix];
  process.stdout.write(`${ids.join(' ')}\n`);
}
