/** The documents' TypeScript, checked against the SDK as an application's would be. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Does not exist: its text is a document's. */
const EXAMPLE = join(ROOT, 'demo/doc-example.ts').replaceAll('\\', '/');

test.each([
  ['README.md', "photos.find('dog');"],
  ['docs/models.md', "lens.find('dog');"],
  ['docs/hosting.md', "lens.find('dog');"],
  ['docs/encryption.md', "lens.find('dog');"],
  ['docs/import-export.md', "lens.find('dog');"],
  ['docs/reliability.md', "lens.find('dog');"],
  ['docs/model-cache.md', "lens.find('dog');"],
  ['docs/searching.md', "photos.find('dog');"],
  ['docs/transformers.md', "lens.find('dog');"],
])('the examples of %s compile', (file, wrong) => {
  const blocks = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^```ts\r?\n(.*?)^```/gms)]
    .map(([, code]) => code)
    .join('');
  expect(blocks).not.toBe('');
  // One program: later examples go on from earlier ones.
  expect(faultsOf(blocks)).toEqual([]);
  expect(faultsOf(blocks + wrong)).toEqual([expect.stringContaining("'find' does not exist")]);
});

/** What the compiler says, with the settings of the demo. */
function faultsOf(code: string): string[] {
  const path = join(ROOT, 'tsconfig.demo.json');
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (file) => file === EXAMPLE || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === EXAMPLE
      ? ts.createSourceFile(file, code, options.target ?? ts.ScriptTarget.ES2023)
      : getSourceFile(file, ...rest);
  const program = ts.createProgram([EXAMPLE], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
