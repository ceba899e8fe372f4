// Reads texts (one a line) on standard input, writes their token ids by @huggingface/tokenizers.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Tokenizer } from '@huggingface/tokenizers';

const tokenizer = new Tokenizer(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')), {});
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${tokenizer.encode(JSON.parse(line)).ids.join(' ')}\n`);
}
