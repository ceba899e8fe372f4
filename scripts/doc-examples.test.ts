/** The README's TypeScript, checked against the SDK as an application's would be. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Does not exist: its text is the README's. */
const EXAMPLE = join(ROOT, 'demo/readme-example.ts').replaceAll('\\', '/');

test('the examples of the README compile', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\r?\n(.*?)^```/gms)].map(([, code]) => code);
  expect(blocks.length).toBeGreaterThan(0);
  // One program: later examples go on from earlier ones.
  expect(faultsOf(blocks.join(''))).toEqual([]);
  expect(faultsOf(`${blocks.join('')}photos.find('dog');`)).toEqual([
    expect.stringContaining("'find' does not exist"),
  ]);
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
